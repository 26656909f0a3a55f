-- one row per agent in the data whom no roster has, and of whom nobody said that they are a person of their own
with named as (
    select agent_id, count(*) as rows from lake.leg group by agent_id
    union all
    select agent_id, count(*) as rows from lake.agent_state group by agent_id
    union all
    select agent_id, count(*) as rows from lake.schedule group by agent_id
    union all
    select agent_id, count(*) as rows from lake.evaluation where deleted_seen_at is null group by agent_id
)
select agent_id as name, sum(rows)::bigint as rows
from named
where agent_id is not null and agent_id not in (select agent_id from lake.team_member)
    and agent_id not in (
        select alias from lake.alias where kind = 'agent' and alias = entity_id and deleted_seen_at is null
    )
group by agent_id
order by rows desc, name
