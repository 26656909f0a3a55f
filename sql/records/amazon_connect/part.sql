-- one row per contact record in its newest version: every transfer makes one of its own
with versions as (
    select
        touched_record.* exclude (fields),
        unnest(from_json(fields, '{
            "contact_id": "VARCHAR", "next_contact_id": "VARCHAR", "channel": "VARCHAR", "initiation_method": "VARCHAR",
            "initiated_at": "TIMESTAMP", "disconnected_at": "TIMESTAMP", "transfer_completed_at": "TIMESTAMP",
            "last_update_at": "TIMESTAMP", "disconnect_reason": "VARCHAR", "queue_name": "VARCHAR", "queue_arn": "VARCHAR",
            "enqueued_at": "TIMESTAMP", "dequeued_at": "TIMESTAMP", "queue_duration": "BIGINT", "username": "VARCHAR",
            "agent_arn": "VARCHAR", "connected_to_agent_at": "TIMESTAMP", "interaction": "BIGINT", "hold": "BIGINT",
            "holds": "INTEGER", "longest_hold": "BIGINT", "acw": "BIGINT", "acw_ended_at": "TIMESTAMP",
            "customer": "VARCHAR", "dialled": "VARCHAR", "case_number": "VARCHAR"
        }'))
    from touched_record
    where kind = 'contact'
),
-- delivered at least once, and again when something changes: the newest by the source's own clock
records as (
    select *
    from versions
    qualify row_number() over (partition by contact_id order by last_update_at desc nulls last, record_id) = 1
),
judged as (
    select
        *,
        connected_to_agent_at is not null as is_answered,
        coalesce(queue_name, queue_arn) as queue,
        initiation_method in ('OUTBOUND', 'EXTERNAL_OUTBOUND', 'AGENT_REPLY') as is_outbound
    from records
)
select
    group_key,
    channel,
    case when is_outbound then 'outbound' else 'inbound' end as direction,
    case
        when is_outbound then 'agent'
        when initiation_method in ('TRANSFER', 'QUEUE_TRANSFER') then 'transfer_in'
        when initiation_method = 'CALLBACK' then 'callback'
        when initiation_method in ('API', 'WEBRTC_API') then 'api'
        when initiation_method = 'MONITOR' then 'monitor'
        else 'customer'
    end as initiation,
    initiated_at as entered_at,
    disconnected_at as ended_at,
    customer as caller_key,
    dialled as dnis,
    case
        when enqueued_at is not null then epoch_ms(enqueued_at) - epoch_ms(initiated_at)
    end as ivr_ms,
    case
        when is_answered then 'answered'
        when disconnected_at is null then 'pending'
        when queue is not null and next_contact_id is null and initiation_method <> 'CALLBACK' then 'abandoned'
        when queue is null and not is_outbound then 'self_served'
        else 'unknown'
    end as outcome,
    disconnect_reason as outcome_code,
    case disconnect_reason when 'CUSTOMER_DISCONNECT' then 'caller' when 'AGENT_DISCONNECT' then 'agent' else 'system' end
        as disconnect_by,
    case_number,
    contact_id as leg_key,
    case
        when is_outbound then 'outbound'
        when queue is not null and initiation_method = 'CALLBACK' then 'callback'
        when queue is not null then 'queue'
        when is_answered then 'direct'
        else 'ivr'
    end as leg_type,
    queue as queue_id,
    case when is_answered then coalesce(username, agent_arn) end as agent_id,
    coalesce(enqueued_at, initiated_at) as queue_enter_at,
    connected_to_agent_at as answered_at,
    coalesce(
        connected_to_agent_at + to_milliseconds(interaction + coalesce(hold, 0)),
        transfer_completed_at, dequeued_at, disconnected_at
    ) as released_at,
    coalesce(
        acw_ended_at,
        case when acw is not null then connected_to_agent_at + to_milliseconds(interaction + coalesce(hold, 0) + acw) end
    ) as acw_end_at,
    coalesce(queue_duration, epoch_ms(coalesce(connected_to_agent_at, dequeued_at)) - epoch_ms(enqueued_at)) as wait_ms,
    case when is_answered then interaction end as talk_ms,
    case when is_answered then coalesce(hold, 0) end as hold_ms,
    case when is_answered then holds end as hold_count,
    longest_hold as longest_hold_ms,
    case when is_answered then acw end as acw_ms,
    case
        when is_answered and next_contact_id is not null and transfer_completed_at is not null then 'blind_transfer'
        when is_answered and disconnect_reason = 'CUSTOMER_DISCONNECT' then 'caller'
        when is_answered and disconnect_reason = 'AGENT_DISCONNECT' then 'agent'
        when is_answered then 'system'
        when queue is not null and next_contact_id is not null then 'flow_out'
        when disconnected_at is null then null
        when queue is not null then 'abandon'
    end as end_reason,
    case when not is_answered and queue is not null and next_contact_id is not null then 'another_queue' end
        as flow_out_kind,
    disconnect_reason as end_code,
    case when is_answered and next_contact_id is not null and transfer_completed_at is not null then 'department' end
        as transfer_class,
    load_id, line_no, exported_at, time_q, row_hash
from judged
where initiation_method <> 'MONITOR'
