-- one row per agent, day and total
with items as (
    select *, unnest([
        {'item': 'handled', 'value': calls::double, 'unit': 'count'},
        {'item': 'talk_time', 'value': talk::double, 'unit': 'ms'},
        {'item': 'pause_time', 'value': pause::double, 'unit': 'ms'},
        {'item': 'available_time', 'value': wait::double, 'unit': 'ms'},
        {'item': 'acw_time', 'value': dispo::double, 'unit': 'ms'},
        {'item': 'active_time', 'value': active::double, 'unit': 'ms'},
        {'item': 'staffed_time', 'value': logtime::double, 'unit': 'ms'}
    ], recursive := true)
    from typed_row
)
select
    key_id($source, source_key || chr(31) || item) as stat_id,
    'agent' as scope,
    "user" as agent_id,
    date as interval_start_at,
    86400000 as interval_ms,
    item,
    value,
    unit,
    true as is_additive,
    true as is_complete,
    source_key || ' ' || item as source_key,
    load_id,
    line_no,
    exported_at,
    time_q,
    row_hash
from items
where value is not null
