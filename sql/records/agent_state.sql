-- one row per spell of an agent in a state: from the moment that sets it to the next one, a day at the most
with lasting as (
    select
        *,
        lead(happened_at) over agent_moments as next_at,
        lead(state) over agent_moments as next_state
    from state_moment
    window agent_moments as (partition by agent_id, track, queue_id order by happened_at, moment_key)
)
select
    key_id($source, moment_key) as state_id,
    agent_id,
    track,
    state,
    state_code,
    reason_code,
    channel,
    queue_id,
    case when contact_key is not null then key_id($source, contact_key) end as contact_id,
    happened_at as start_at,
    -- nobody works a day on end: whatever lasts longer has lost its end, and a spell without a next row is still open
    least(next_at, happened_at + interval 1 day) as end_at,
    epoch_ms(least(next_at, happened_at + interval 1 day)) - epoch_ms(happened_at) as dur_ms,
    case
        when next_at is null or next_at > happened_at + interval 1 day then 'cutoff'
        when next_state = 'offline' then 'log_off'
        else 'next_row'
    end as end_by,
    $source as source_id,
    moment_key as source_key,
    load_id,
    line_no,
    exported_at,
    time_q,
    row_hash
from lasting
-- the spells near a change only: what lies further off is stored already
semi join touched_group
    on touched_group.about = 'agent'
    and touched_group.group_key = lasting.agent_id
    and lasting.happened_at between touched_group.from_at and touched_group.to_at
where state <> 'offline'
