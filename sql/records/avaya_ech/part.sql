-- one row per call segment
with segments as (
    select
        touched_record.* exclude (fields),
        unnest(from_json(fields, '{
            "segstart": "TIMESTAMP", "segstop": "TIMESTAMP", "disptime": "BIGINT", "duration": "BIGINT",
            "talktime": "BIGINT", "onholdtime": "BIGINT", "consulttime": "BIGINT", "acwtime": "BIGINT",
            "ringtime": "BIGINT", "holds": "INTEGER", "call_disp": "VARCHAR", "split": "VARCHAR", "login": "VARCHAR",
            "caller": "VARCHAR", "firstvdn": "VARCHAR", "transferred": "BOOLEAN", "conference": "BOOLEAN",
            "agent_released": "BOOLEAN", "work_code": "VARCHAR"
        }'))
    from touched_record
),
judged as (
    select *, call_disp = '2' as is_answered, call_disp <> '1' and split is not null as is_visit from segments
)
select
    group_key,
    'voice' as channel,
    case call_disp when '1' then 'internal' else 'inbound' end as direction,
    'customer' as initiation,
    segstart as entered_at,
    segstart + to_milliseconds(duration) as ended_at,
    caller as caller_key,
    firstvdn as dnis,
    case
        when is_answered then 'answered'
        when call_disp = '3' then 'abandoned'
        when call_disp in ('5', '6') then 'forced_off'
        else 'unknown'
    end as outcome,
    call_disp as outcome_code,
    case when is_answered and not transferred then case when agent_released then 'agent' else 'caller' end end
        as disconnect_by,
    source_key as leg_key,
    case when is_visit then 'queue' when call_disp = '1' then 'internal' when is_answered then 'direct' else 'ivr' end
        as leg_type,
    split as queue_id,
    case when is_answered then login end as agent_id,
    segstart as queue_enter_at,
    case when is_answered then segstart + to_milliseconds(disptime) end as answered_at,
    -- a call that goes on elsewhere lasts longer than its agent's part of it
    segstart + to_milliseconds(case when is_answered then disptime + talktime + onholdtime else duration end)
        as released_at,
    case when is_answered then segstart + to_milliseconds(disptime + talktime + onholdtime + acwtime) end as acw_end_at,
    disptime as wait_ms,
    case when is_answered then ringtime end as ring_ms,
    case when is_answered then talktime end as talk_ms,
    case when is_answered then onholdtime end as hold_ms,
    case when is_answered then holds end as hold_count,
    consulttime as consult_ms,
    case when is_answered then acwtime end as acw_ms,
    duration as total_ms,
    case
        when is_answered and transferred and consulttime > 0 then 'warm_transfer'
        when is_answered and transferred then 'blind_transfer'
        when is_answered and conference then 'conference'
        when is_answered then case when agent_released then 'agent' else 'caller' end
        when call_disp = '3' then 'abandon'
        when call_disp = '4' then 'flow_out'
        when call_disp in ('5', '6') then 'system'
        else 'dequeued'
    end as end_reason,
    case call_disp when '4' then 'interflow' when '5' then 'busy' when '6' then 'disconnect' when '7' then 'other' end
        as flow_out_kind,
    call_disp as end_code,
    case when is_answered and transferred then 'department' end as transfer_class,
    work_code as wrap_code,
    load_id, line_no, exported_at, time_q, row_hash
from judged
