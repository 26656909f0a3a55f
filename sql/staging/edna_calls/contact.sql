-- one row per line of the log
select
    key_id($source, source_key) as contact_id,
    source_key as chain_key,
    'voice' as channel,
    'inbound' as direction,
    'customer' as initiation,
    called_at as entered_at,
    called_at + to_milliseconds(wait + case when abandoned then 0 else duration end) as ended_at,
    call_type as first_queue_id,
    call_type as request_type,
    case when abandoned then 'abandoned' else 'answered' end as outcome,
    case when abandoned then '1' else '0' end as outcome_code,
    false as is_test,
    source_key, load_id, line_no, exported_at, time_q, row_hash
from typed_row
