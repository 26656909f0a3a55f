-- one row per interval, queue and item; means and shares keep their own unit and are never added up
with items as (
    select *, unnest([
        {'item': 'offered', 'value': offered::double, 'unit': 'count', 'is_additive': true},
        {'item': 'handled', 'value': handled::double, 'unit': 'count', 'is_additive': true},
        {'item': 'abandoned', 'value': abandoned::double, 'unit': 'count', 'is_additive': true},
        {'item': 'speed_of_answer', 'value': answer_seconds_mean::double, 'unit': 'ms', 'is_additive': false},
        {'item': 'service_level', 'value': within_target_share, 'unit': 'ratio', 'is_additive': false},
        {'item': 'talk_time', 'value': talk_seconds::double, 'unit': 'ms', 'is_additive': true},
        {'item': 'hold_time', 'value': hold_seconds::double, 'unit': 'ms', 'is_additive': true},
        {'item': 'acw_time', 'value': wrap_seconds::double, 'unit': 'ms', 'is_additive': true}
    ], recursive := true)
    from typed_row
)
select
    key_id($source, source_key || chr(31) || item) as stat_id,
    case when queue is null then 'centre' else 'queue' end as scope,
    queue as queue_id,
    start_time as interval_start_at,
    minutes * 60000 as interval_ms,
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
