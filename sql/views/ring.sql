-- one row per offer of a contact to one agent
select
    leg_event.leg_event_id,
    leg_event.contact_id,
    contact.chain_key as contact_key,
    leg_event.start_at as offered_at,
    leg_event.dur_ms as ring_ms,
    false as is_day_only,
    coalesce(leg_event.queue_id, leg.queue_id) as queue,
    leg_event.agent_id as agent,
    membership.team,
    membership.shift,
    membership.site,
    contact.channel,
    contact.language,
    contact.request_type,
    leg_event.result,
    coalesce(leg_event.result in ('answered', 'accepted'), false) as is_accepted,
    coalesce(leg_event.result in ('caller_hung_up', 'abandoned', 'cancelled', 'canceled'), false) as is_withdrawn,
    leg_event.source_id,
    leg_event.load_id,
    leg_event.line_no
from lake.leg_event
left join lake.leg using (leg_id)
join lake.contact on contact.contact_id = coalesce(leg_event.contact_id, leg.contact_id)
left join membership
    on membership.agent_id = leg_event.agent_id
    and operating_day(leg_event.start_at) >= membership.valid_from and operating_day(leg_event.start_at) < membership.valid_to
where leg_event.type = 'ring' and not contact.is_test
