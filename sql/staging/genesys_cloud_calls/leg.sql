-- one row per line of the export; the vendor's own flag says what was abandoned, even where talk time stands beside it
select
    key_id($source, source_key) as leg_id,
    key_id($source, source_key) as contact_id,
    1 as seq,
    1 as visit_no,
    case initial_direction when 'inbound' then 'queue' else 'outbound' end as leg_type,
    'all queues' as queue_id,
    call_date as queue_enter_at,
    case when not abandoned_flag then call_date + to_milliseconds(coalesce(queue_seconds, 0)) end as answered_at,
    call_date + to_milliseconds(coalesce(duration_seconds, 0)) as released_at,
    case
        when not abandoned_flag
        then call_date + to_milliseconds(coalesce(duration_seconds, 0) + coalesce(acw_seconds, 0))
    end as acw_end_at,
    -- empty means that the row never queued, which is not a wait of 0
    queue_seconds as wait_ms,
    talk_seconds as talk_ms,
    case when talk_seconds is not null then coalesce(hold_seconds, 0) end as hold_ms,
    case when talk_seconds is not null then (coalesce(hold_seconds, 0) > 0)::integer end as hold_count,
    case when talk_seconds is not null then coalesce(acw_seconds, 0) end as acw_ms,
    handle_seconds as total_ms,
    case when abandoned_flag then 'abandon' else coalesce(disconnect_type, 'system') end as end_reason,
    disconnect_type as end_code,
    source_key, load_id, line_no, exported_at, time_q, row_hash
from typed_row
