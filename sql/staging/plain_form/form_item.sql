-- one row per item of a form version
select
    form_id,
    form_version,
    item_id,
    item_id as stable_item_key,
    section,
    text,
    'number' as type,
    max_points,
    weight,
    critical_class,
    critical_class <> 'none' as autofail,
    source_key, load_id, line_no, exported_at, time_q, row_hash
from typed_row
