-- one row per agent in the data whom no roster has
select agent_id as name, count(*) as legs
from lake.leg
where agent_id is not null and agent_id not in (select agent_id from lake.team_member)
group by agent_id
order by legs desc
