-- one row per target and the day from which it holds
select
    metric,
    case meant_for when 'queue' then name end as queue_id,
    case meant_for when 'request_type' then name end as request_type,
    case meant_for when 'department' then name end as department,
    goal,
    within_seconds as within_ms,
    valid_from,
    valid_to,
    key_id($source, source_key) as stated_target_id,
    source_key, load_id, line_no, exported_at, time_q, row_hash
from typed_row
