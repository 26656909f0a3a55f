-- handle seconds over agents are those over queues + those of legs outside any queue
with by_agent as (
    select operating_day(completed_at) as day, sum(handle_ms) as handle_ms
    from handled_leg
    where near(completed_at, $days::date[]) and operating_day(completed_at) in (select unnest($days::date[]))
    group by all
),
by_queue as (
    select
        operating_day(coalesce(leg.acw_end_at, leg.released_at, leg.answered_at)) as day,
        sum(case when leg.queue_id is not null then leg.talk_ms + leg.hold_ms + leg.acw_ms end) as in_queues_ms,
        sum(case when leg.queue_id is null then leg.talk_ms + leg.hold_ms + leg.acw_ms end) as outside_ms
    from lake.leg
    join lake.contact using (contact_id)
    where leg.answered_at is not null and leg.leg_type in ('queue', 'direct', 'callback', 'outbound') and not contact.is_test
        and near(coalesce(leg.acw_end_at, leg.released_at, leg.answered_at), $days::date[])
        and operating_day(coalesce(leg.acw_end_at, leg.released_at, leg.answered_at)) in (select unnest($days::date[]))
    group by all
)
select
    by_queue.day::varchar as place,
    (coalesce(by_queue.in_queues_ms, 0) + coalesce(by_queue.outside_ms, 0))::double as stated,
    coalesce(by_agent.handle_ms, 0)::double as found,
    null::varchar[] as behind
from by_queue
left join by_agent using (day)
where stated <> found
