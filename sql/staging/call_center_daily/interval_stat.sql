-- one row per numbered day and reported item; no date is told, so no period holds it
with items as (
    select *, unnest([
        {'item': 'offered', 'value': offered::double, 'unit': 'count', 'is_additive': true},
        {'item': 'handled', 'value': handled::double, 'unit': 'count', 'is_additive': true},
        {'item': 'abandoned', 'value': abandoned::double, 'unit': 'count', 'is_additive': true},
        {'item': 'answer_rate', 'value': rtrim(answer_rate, '%')::double / 100, 'unit': 'ratio', 'is_additive': false},
        {'item': 'speed_of_answer', 'value': speed_of_answer::double, 'unit': 'ms', 'is_additive': false},
        {'item': 'talk_time_mean', 'value': talk_time::double, 'unit': 'ms', 'is_additive': false},
        {'item': 'waiting_time', 'value': waiting_time::double, 'unit': 'ms', 'is_additive': false},
        {'item': 'service_level', 'value': rtrim(service_level, '%')::double / 100, 'unit': 'ratio', 'is_additive': false}
    ], recursive := true)
    from typed_row
)
select
    key_id($source, source_key || chr(31) || item) as stat_id,
    'centre' as scope,
    null::timestamp as interval_start_at,
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
    'unknown' as time_q,
    row_hash
from items
where value is not null
