-- one row per contact with its leg, in the shape of the plain calls file
select
    contact.chain_key as call_id,
    leg.queue_id as queue,
    leg.agent_id,
    contact.channel,
    contact.direction,
    strftime(local_time(leg.queue_enter_at), '%Y-%m-%dT%H:%M:%S')
        || printf('%s%02d:%02d',
            case when epoch(local_time(leg.queue_enter_at)) < epoch(leg.queue_enter_at) then '-' else '+' end,
            abs(epoch(local_time(leg.queue_enter_at)) - epoch(leg.queue_enter_at))::integer // 3600,
            abs(epoch(local_time(leg.queue_enter_at)) - epoch(leg.queue_enter_at))::integer % 3600 // 60
        ) as start_time,
    leg.wait_ms // 1000 as wait_seconds,
    leg.talk_ms // 1000 as talk_seconds,
    leg.hold_ms // 1000 as hold_seconds,
    leg.acw_ms // 1000 as wrap_seconds,
    case
        when leg.answered_at is null then 'abandoned'
        when leg.end_reason in ('blind_transfer', 'warm_transfer') then 'transferred'
        else 'answered'
    end as outcome,
    -- the number itself was never kept
    null::varchar as caller,
    contact.request_type as service_type,
    contact.language,
    leg.transfer_to as transferred_to,
    contact_case.case_number,
    strftime(leg.queue_enter_at, '%Y-%m-%dT%H:%M:%SZ') as start_time_utc
from lake.leg
join lake.contact using (contact_id)
left join lake.contact_case using (contact_id)
where ($first::date is null or operating_day(leg.queue_enter_at) >= $first::date)
    and ($until::date is null or operating_day(leg.queue_enter_at) < $until::date)
order by leg.queue_enter_at, contact.chain_key
