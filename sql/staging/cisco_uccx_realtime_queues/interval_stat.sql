-- one row per queue and figure since the morning of the export; never complete
with items as (
    select *, unnest([
        {'item': 'offered', 'value': offered::double, 'unit': 'count', 'is_additive': true},
        {'item': 'handled', 'value': handled::double, 'unit': 'count', 'is_additive': true},
        {'item': 'abandoned', 'value': abandoned::double, 'unit': 'count', 'is_additive': true},
        {'item': 'dequeued', 'value': dequeued::double, 'unit': 'count', 'is_additive': true},
        {'item': 'talk_time_mean', 'value': talk_mean::double, 'unit': 'ms', 'is_additive': false},
        {'item': 'speed_of_answer', 'value': wait_mean::double, 'unit': 'ms', 'is_additive': false},
        {'item': 'longest_wait', 'value': longest_wait::double, 'unit': 'ms', 'is_additive': false}
    ], recursive := true)
    from typed_row
)
select
    key_id($source, 'queue' || chr(31) || source_key || chr(31) || item || chr(31) || local_time(exported_at)::date) as stat_id,
    'queue' as scope,
    queue as queue_id,
    null::varchar as agent_id,
    utc_of(local_time(exported_at)::date::timestamp) as interval_start_at,
    epoch_ms(exported_at) - epoch_ms(utc_of(local_time(exported_at)::date::timestamp)) as interval_ms,
    item,
    value,
    unit,
    is_additive,
    false as is_complete,
    source_key || ' ' || item as source_key,
    load_id,
    line_no,
    exported_at,
    'derived' as time_q,
    row_hash
from items
where value is not null
