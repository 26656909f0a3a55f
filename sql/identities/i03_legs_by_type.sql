-- legs handled by each agent are queue + direct + callback + outbound legs of contacts that are known
with stored as (
    select leg.leg_id, leg.agent_id, contact.chain_key
    from lake.leg
    join lake.contact using (contact_id)
    where leg.answered_at is not null and leg.leg_type in ('queue', 'direct', 'callback', 'outbound') and not contact.is_test
        and near(coalesce(leg.acw_end_at, leg.released_at, leg.answered_at), $days::date[])
        and operating_day(coalesce(leg.acw_end_at, leg.released_at, leg.answered_at)) in (select unnest($days::date[]))
),
handled as (
    select leg_id, count(*) as times
    from handled_leg
    where near(completed_at, $days::date[]) and operating_day(completed_at) in (select unnest($days::date[]))
    group by leg_id
)
select
    coalesce(agent_id, 'no agent') as place,
    count(*)::double as stated,
    coalesce(sum(times), 0)::double as found,
    list(chain_key order by chain_key) filter (where coalesce(times, 0) <> 1) as behind
from stored
left join handled using (leg_id)
group by agent_id
having count(*) filter (where coalesce(times, 0) <> 1) > 0
