-- one row per line of the export
select
    key_id($source, source_key) as contact_id,
    source_key as chain_key,
    media_type as channel,
    initial_direction as direction,
    case initial_direction when 'inbound' then 'customer' else 'agent' end as initiation,
    call_date as entered_at,
    call_date + to_milliseconds(coalesce(duration_seconds, 0)) as ended_at,
    'all queues' as first_queue_id,
    case when abandoned_flag then 'abandoned' else 'answered' end as outcome,
    case when abandoned_flag then '1' else '0' end as outcome_code,
    disconnect_type as disconnect_by,
    false as is_test,
    source_key, load_id, line_no, exported_at, time_q, row_hash
from typed_row
