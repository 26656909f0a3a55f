-- the spells of the touched agents near the change, to be written anew
delete from lake.agent_state
using touched_group
where agent_state.source_id = $source
    and touched_group.about = 'agent'
    and coalesce(agent_state.as_named ->> '$.agent_id', agent_state.agent_id) = touched_group.group_key
    and agent_state.start_at between touched_group.from_at and touched_group.to_at
