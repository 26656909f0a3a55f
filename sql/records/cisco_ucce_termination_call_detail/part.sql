-- one row per leg of a call
with legs as (
    select
        touched_record.* exclude (fields),
        unnest(from_json(fields, '{
            "duration": "BIGINT", "local_q_time": "BIGINT", "ring_time": "BIGINT", "talk_time": "BIGINT",
            "hold_time": "BIGINT", "work_time": "BIGINT", "delay_time": "BIGINT", "conference_time": "BIGINT",
            "call_disposition": "BIGINT", "peripheral_call_type": "BIGINT", "agent": "VARCHAR", "skill_group": "VARCHAR",
            "precision_queue": "VARCHAR", "call_type": "VARCHAR", "ani": "VARCHAR", "dnis": "VARCHAR",
            "wrapup": "VARCHAR", "case_number": "VARCHAR"
        }'))
    from touched_record
    where about = 'contact'
),
judged as (
    select
        *,
        -- the row is written, and stamped, when the leg and the work after it are over
        happened_at as acw_ended_at,
        happened_at - to_milliseconds(work_time) as released_at,
        happened_at - to_milliseconds(work_time + talk_time + hold_time) as answered_at,
        happened_at - to_milliseconds(duration) as began_at,
        peripheral_call_type in (42, 43) as is_ivr,
        peripheral_call_type = 9 as is_outbound,
        peripheral_call_type = 10 as is_internal,
        coalesce(nullif(precision_queue, '0'), nullif(skill_group, '0'), call_type) as queue,
        agent is not null and call_disposition in (13, 14, 28, 29, 30, 52) and talk_time + hold_time > 0
            as is_answered
    from legs
)
select
    group_key,
    'voice' as channel,
    case when is_outbound then 'outbound' when is_internal then 'internal' else 'inbound' end as direction,
    case when is_outbound or is_internal then 'agent' else 'customer' end as initiation,
    began_at as entered_at,
    released_at as ended_at,
    ani as caller_key,
    dnis,
    case when is_ivr then duration end as ivr_ms,
    case
        when is_answered then 'answered'
        when call_disposition between 1 and 6 then 'abandoned'
        when call_disposition in (26, 27) then 'forced_off'
        else 'unknown'
    end as outcome,
    call_disposition::varchar as outcome_code,
    case_number,
    source_key as leg_key,
    case
        when is_outbound then 'outbound'
        when is_internal then 'internal'
        when call_disposition = 19 then 'direct'
        when is_ivr and call_disposition not between 1 and 4 then 'ivr'
        else 'queue'
    end as leg_type,
    queue as queue_id,
    case when is_answered then agent end as agent_id,
    began_at as queue_enter_at,
    case when is_answered then answered_at end as answered_at,
    released_at,
    case when is_answered then acw_ended_at end as acw_end_at,
    local_q_time + ring_time + delay_time as wait_ms,
    ring_time as ring_ms,
    case when is_answered then talk_time end as talk_ms,
    case when is_answered then hold_time end as hold_ms,
    case when is_answered then work_time end as acw_ms,
    duration as total_ms,
    case
        when call_disposition = 28 then 'blind_transfer'
        when call_disposition = 29 then 'warm_transfer'
        when call_disposition = 30 then 'conference'
        when is_answered then null
        when call_disposition between 1 and 6 then 'abandon'
        when call_disposition = 15 then 'flow_out'
        when call_disposition = 19 then 'rna'
        else 'system'
    end as end_reason,
    case when call_disposition = 15 then 'redirected' end as flow_out_kind,
    call_disposition::varchar as end_code,
    case when call_disposition in (28, 29) then 'department' end as transfer_class,
    wrapup as wrap_code,
    -- the stamp carries the minutes to UTC
    'exact' as time_q,
    load_id, line_no, exported_at, row_hash
from judged
