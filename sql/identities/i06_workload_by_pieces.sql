-- the pieces of each leg's work, wherever interval edges cut it, add up to its handle time
with pieces as (
    select leg_id, any_value(contact_key) as contact_key, any_value(agent) as agent, any_value(handle_ms) as handle_ms, sum(work_ms) as work_ms
    from work_piece((select min(day) - 1 from (select unnest($days::date[]) as day)), (select max(day) + 1 from (select unnest($days::date[]) as day)))
    where near(completed_at, $days::date[]) and operating_day(completed_at) in (select unnest($days::date[]))
    group by leg_id
)
select
    coalesce(agent, 'no agent') as place,
    sum(handle_ms)::double as stated,
    sum(work_ms)::double as found,
    list(contact_key order by contact_key) as behind
from pieces
where handle_ms <> work_ms
group by agent
