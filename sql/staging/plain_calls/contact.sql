-- one row per contact: a line of the file is a contact with one leg
select
    key_id($source, source_key) as contact_id,
    source_key as chain_key,
    channel,
    direction,
    case direction when 'inbound' then 'customer' else 'agent' end as initiation,
    start_time as entered_at,
    start_time + to_milliseconds(
        coalesce(wait_seconds, 0) + coalesce(talk_seconds, 0) + coalesce(hold_seconds, 0)
    ) as ended_at,
    queue as first_queue_id,
    language,
    service_type as request_type,
    caller as caller_key,
    case outcome when 'abandoned' then 'abandoned' else 'answered' end as outcome,
    outcome as outcome_code,
    false as is_test,
    source_key, load_id, line_no, exported_at, time_q, row_hash
from typed_row
