-- visits offered are answered + abandoned + short abandoned + flow-outs + pending, and those turned away stand apart
with offered as (
    select leg.leg_id, leg.queue_id as queue, operating_day(leg.queue_enter_at) as day, contact.chain_key
    from lake.leg
    join lake.contact using (contact_id)
    where leg.leg_type in ('queue', 'callback') and not contact.is_test
        and near(leg.queue_enter_at, $days::date[]) and operating_day(leg.queue_enter_at) in (select unnest($days::date[]))
),
judged as (
    select leg_id, count(*) as verdicts
    from visit
    where outcome in ('answered', 'abandoned', 'short_abandoned', 'flow_out', 'pending', 'refused')
        and near(arrived_at, $days::date[]) and arrived_on in (select unnest($days::date[]))
    group by leg_id
)
select
    coalesce(queue, 'no queue') || ' on ' || day as place,
    count(*)::double as stated,
    coalesce(sum(verdicts), 0)::double as found,
    list(chain_key order by chain_key) filter (where coalesce(verdicts, 0) <> 1) as behind
from offered
left join judged using (leg_id)
group by queue, day
having count(*) filter (where coalesce(verdicts, 0) <> 1) > 0
