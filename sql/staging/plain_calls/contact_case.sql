-- one row per contact that names a case
select
    key_id($source, source_key) as contact_id,
    case_number,
    'attribute' as method,
    1.0 as confidence,
    start_time as decided_at,
    source_key, load_id, line_no, exported_at, time_q, row_hash
from typed_row
where case_number is not null
