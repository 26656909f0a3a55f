-- per agent, available + handling + after-call + not ready are the staffed time, and no quarter of an hour has more than its length
select
    agent || ' at ' || time_bucket(interval 15 minute, started_at) as place,
    900000::double as stated,
    sum(ms)::double as found,
    list(distinct state order by state) as behind
from agent_time((select min(day) from (select unnest($days::date[]) as day)), (select max(day) + 1 from (select unnest($days::date[]) as day)))
where day in (select unnest($days::date[]))
group by agent, time_bucket(interval 15 minute, started_at)
having sum(ms) > 900000
