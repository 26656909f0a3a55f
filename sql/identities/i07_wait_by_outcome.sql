-- waits of all are those of answered + abandoned + short abandoned + flow-outs + pending + turned away
with stated as (
    select leg.queue_id as queue, operating_day(leg.queue_enter_at) as day, sum(leg.wait_ms) as wait_ms
    from lake.leg
    join lake.contact using (contact_id)
    where leg.leg_type in ('queue', 'callback') and not contact.is_test
        and near(leg.queue_enter_at, $days::date[]) and operating_day(leg.queue_enter_at) in (select unnest($days::date[]))
    group by all
),
found as (
    select
        queue,
        arrived_on as day,
        coalesce(sum(wait_ms) filter (where outcome = 'answered'), 0)
            + coalesce(sum(wait_ms) filter (where outcome in ('abandoned', 'short_abandoned')), 0)
            + coalesce(sum(wait_ms) filter (where outcome in ('flow_out', 'pending', 'refused')), 0) as wait_ms
    from visit
    where near(arrived_at, $days::date[]) and arrived_on in (select unnest($days::date[]))
    group by all
)
select
    coalesce(stated.queue, 'no queue') || ' on ' || stated.day as place,
    coalesce(stated.wait_ms, 0)::double as stated,
    coalesce(found.wait_ms, 0)::double as found,
    null::varchar[] as behind
from stated
left join found on found.queue is not distinct from stated.queue and found.day = stated.day
where coalesce(stated.wait_ms, 0) <> coalesce(found.wait_ms, 0)
