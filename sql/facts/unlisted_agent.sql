-- one row per agent who handled contacts and whom no roster has: first and last operating day of that work
select
    agent_id,
    operating_day(min(answered_at)) as first_day,
    operating_day(max(answered_at)) as last_day
from lake.leg
where agent_id is not null and answered_at is not null
    and agent_id not in (select agent_id from lake.team_member)
group by agent_id
