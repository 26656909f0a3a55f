-- one row per contact: its only visit to a queue, or its outbound call
with timed as (
    select
        *,
        case when outcome <> 'abandoned' then start_time + to_milliseconds(coalesce(wait_seconds, 0)) end as answered_at,
        coalesce(talk_seconds, 0) + coalesce(hold_seconds, 0) as conversation_ms
    from typed_row
)
select
    key_id($source, source_key) as leg_id,
    key_id($source, source_key) as contact_id,
    1 as seq,
    1 as visit_no,
    case direction when 'inbound' then 'queue' when 'outbound' then 'outbound' else 'internal' end as leg_type,
    queue as queue_id,
    case when outcome <> 'abandoned' then agent_id end as agent_id,
    start_time as queue_enter_at,
    answered_at,
    coalesce(answered_at + to_milliseconds(conversation_ms), start_time + to_milliseconds(coalesce(wait_seconds, 0)))
        as released_at,
    answered_at + to_milliseconds(conversation_ms + coalesce(wrap_seconds, 0)) as acw_end_at,
    coalesce(wait_seconds, 0) as wait_ms,
    case when outcome <> 'abandoned' then talk_seconds end as talk_ms,
    case when outcome <> 'abandoned' then coalesce(hold_seconds, 0) end as hold_ms,
    case when outcome <> 'abandoned' then (coalesce(hold_seconds, 0) > 0)::integer end as hold_count,
    case when outcome <> 'abandoned' then wrap_seconds end as acw_ms,
    case outcome when 'abandoned' then 'abandon' when 'transferred' then 'blind_transfer' else 'caller' end as end_reason,
    outcome as end_code,
    transferred_to as transfer_to,
    case when outcome = 'transferred' then case when transferred_to = '911' then '911' else 'department' end end
        as transfer_class,
    source_key, load_id, line_no, exported_at, time_q, row_hash
from timed
