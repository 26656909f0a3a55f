-- one row per leg of a call record in its newest version, or per record where it shows none
with versions as (
    select
        touched_record.* exclude (fields),
        unnest(from_json(fields, '{
            "id": "VARCHAR", "start_time": "TIMESTAMP", "duration": "BIGINT", "duration_ms": "BIGINT",
            "direction": "VARCHAR", "action": "VARCHAR", "result": "VARCHAR", "reason": "VARCHAR",
            "from_number": "VARCHAR", "from_extension": "VARCHAR", "to_extension": "VARCHAR", "extension": "VARCHAR",
            "legs": "VARCHAR", "last_modified": "TIMESTAMP"
        }'))
    from touched_record
),
calls as (
    select
        *,
        from_json(legs, '[{
            "startTime": "VARCHAR", "duration": "BIGINT", "durationMs": "BIGINT", "direction": "VARCHAR",
            "result": "VARCHAR", "reason": "VARCHAR", "legType": "VARCHAR", "extension": {"id": "VARCHAR"},
            "from": {"extensionNumber": "VARCHAR"}, "to": {"extensionNumber": "VARCHAR"}
        }]') as told
    from versions
    qualify row_number() over (partition by id order by last_modified desc nulls last, record_id) = 1
),
legs as (
    select
        calls.* exclude (told, legs, start_time, duration, duration_ms, result, reason, extension, from_extension, to_extension),
        direction as call_direction,
        number,
        try_cast(leg.startTime as timestamp) as start_time,
        -- a rounded number of seconds stands beside the exact milliseconds
        coalesce(leg.durationMs, leg.duration * 1000) as length_ms,
        leg.result as result,
        leg.reason as reason,
        coalesce(leg.extension.id, case direction when 'inbound' then leg.to.extensionNumber else leg.from.extensionNumber end)
            as extension
    from calls, lateral (select unnest(told) as leg, unnest(range(1, len(told) + 1)) as number)
    union all by name
    select
        calls.* exclude (told, legs, duration, duration_ms, extension, from_extension, to_extension),
        direction as call_direction,
        0 as number,
        coalesce(duration_ms, duration) as length_ms,
        coalesce(extension, case direction when 'inbound' then to_extension else from_extension end) as extension
    from calls
    where told is null or len(told) = 0
),
judged as (
    select
        *,
        result in ('Accepted', 'Call connected', 'Connected', 'Received') as is_answered
    from legs
)
select
    group_key,
    'voice' as channel,
    call_direction as direction,
    case call_direction when 'inbound' then 'customer' else 'agent' end as initiation,
    start_time as entered_at,
    start_time + to_milliseconds(length_ms) as ended_at,
    from_number as caller_key,
    case
        when is_answered then 'answered'
        when result = 'Voicemail' then 'voicemail'
        when call_direction = 'inbound' and result in ('Missed', 'Hang Up', 'Abandoned', 'No Answer') then 'abandoned'
        when result in ('Rejected', 'Blocked', 'Busy') then 'forced_off'
        else 'unknown'
    end as outcome,
    coalesce(result, action) as outcome_code,
    source_key || chr(31) || number as leg_key,
    case call_direction when 'inbound' then 'direct' else 'outbound' end as leg_type,
    case when is_answered then extension end as agent_id,
    start_time as offered_at,
    case when is_answered then start_time end as answered_at,
    start_time + to_milliseconds(length_ms) as released_at,
    length_ms as total_ms,
    case
        when reason = 'BlindTransfer' then 'blind_transfer'
        when is_answered then null
        when result in ('Missed', 'Hang Up', 'Abandoned', 'No Answer') then 'abandon'
        else 'system'
    end as end_reason,
    coalesce(reason, result) as end_code,
    case when reason = 'BlindTransfer' then 'department' end as transfer_class,
    load_id, line_no, exported_at, time_q, row_hash
from judged
