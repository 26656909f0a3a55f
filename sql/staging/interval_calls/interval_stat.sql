-- one row per interval of five minutes
select
    key_id($source, source_key) as stat_id,
    'centre' as scope,
    starts_at as interval_start_at,
    300000 as interval_ms,
    'handled' as item,
    calls::double as value,
    'count' as unit,
    true as is_additive,
    true as is_complete,
    source_key,
    load_id,
    line_no,
    exported_at,
    time_q,
    row_hash
from typed_row
