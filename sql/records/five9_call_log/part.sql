-- one row per line of the call log: an agent's part of a call, or a call that nobody took
with parts as (
    select
        touched_record.* exclude (fields),
        unnest(from_json(fields, '{
            "timestamp": "TIMESTAMP", "campaign": "VARCHAR", "call_type": "VARCHAR", "agent": "VARCHAR",
            "disposition": "VARCHAR", "ani": "VARCHAR", "dnis": "VARCHAR", "call_time": "BIGINT", "ivr_time": "BIGINT",
            "queue_wait": "BIGINT", "ring_time": "BIGINT", "talk_time": "BIGINT", "hold_time": "BIGINT",
            "acw_time": "BIGINT", "transfers": "BIGINT", "conferences": "BIGINT", "holds": "INTEGER",
            "abandoned": "BOOLEAN", "skill": "VARCHAR"
        }'))
    from touched_record
),
judged as (
    select
        *,
        agent is not null and not abandoned and talk_time > 0 as is_answered,
        lower(call_type) like '%inbound%' or lower(call_type) like '%callback%' as is_inbound,
        lower(call_type) like '%internal%' as is_internal,
        timestamp + to_milliseconds(coalesce(ivr_time, 0)) as queued_at,
        coalesce(queue_wait, 0) + coalesce(ring_time, 0) as waited
    from parts
)
select
    group_key,
    'voice' as channel,
    case when is_inbound then 'inbound' when is_internal then 'internal' else 'outbound' end as direction,
    case when is_inbound then 'customer' else 'agent' end as initiation,
    timestamp as entered_at,
    queued_at + to_milliseconds(waited + coalesce(talk_time, 0) + coalesce(hold_time, 0)) as ended_at,
    ani as caller_key,
    dnis,
    ivr_time as ivr_ms,
    case
        when is_answered then 'answered'
        when abandoned then 'abandoned'
        when is_inbound and coalesce(queue_wait, 0) = 0 and coalesce(ivr_time, 0) > 0 then 'self_served'
        else 'unknown'
    end as outcome,
    disposition as outcome_code,
    source_key as leg_key,
    case
        when is_internal then 'internal'
        when not is_inbound then 'outbound'
        when is_answered or abandoned or queue_wait > 0 then 'queue'
        else 'ivr'
    end as leg_type,
    coalesce(skill, campaign) as queue_id,
    case when is_answered then agent end as agent_id,
    queued_at as queue_enter_at,
    case when is_answered then queued_at + to_milliseconds(waited) end as answered_at,
    queued_at + to_milliseconds(
        waited + case when is_answered then talk_time + coalesce(hold_time, 0) else 0 end
    ) as released_at,
    case
        when is_answered
        then queued_at + to_milliseconds(waited + talk_time + coalesce(hold_time, 0) + coalesce(acw_time, 0))
    end as acw_end_at,
    waited as wait_ms,
    ring_time as ring_ms,
    case when is_answered then talk_time end as talk_ms,
    case when is_answered then coalesce(hold_time, 0) end as hold_ms,
    case when is_answered then holds end as hold_count,
    case when is_answered then acw_time end as acw_ms,
    call_time as total_ms,
    case
        when is_answered and transfers > 0 then 'blind_transfer'
        when is_answered and conferences > 0 then 'conference'
        when is_answered then null
        when abandoned then 'abandon'
        else 'system'
    end as end_reason,
    disposition as end_code,
    case when is_answered and transfers > 0 then 'department' end as transfer_class,
    disposition as wrap_code,
    load_id, line_no, exported_at, time_q, row_hash
from judged
