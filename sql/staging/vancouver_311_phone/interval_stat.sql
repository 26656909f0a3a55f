-- one row per day and reported item; means and shares keep their own unit and are never added up
with items as (
    select *, unnest([
        {'item': 'offered', 'value': offered::double, 'unit': 'count', 'is_additive': true},
        {'item': 'handled', 'value': handled::double, 'unit': 'count', 'is_additive': true},
        {'item': 'abandoned', 'value': abandoned::double, 'unit': 'count', 'is_additive': true},
        {'item': 'speed_of_answer', 'value': speed_of_answer * 1000, 'unit': 'ms', 'is_additive': false},
        {'item': 'service_level', 'value': service_level, 'unit': 'ratio', 'is_additive': false}
    ], recursive := true)
    from typed_row
)
select
    key_id($source, source_key || chr(31) || item) as stat_id,
    'centre' as scope,
    date as interval_start_at,
    86400000 as interval_ms,
    item,
    value,
    unit,
    is_additive,
    true as is_complete,
    source_key || ' ' || item as source_key,
    load_id,
    line_no,
    exported_at,
    time_q,
    row_hash
from items
where value is not null
