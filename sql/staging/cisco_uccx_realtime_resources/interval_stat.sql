-- one row per agent and figure since the morning of the export; never complete
with items as (
    select *, unnest([
        {'item': 'handled', 'value': handled::double, 'unit': 'count', 'is_additive': true},
        {'item': 'offered', 'value': presented::double, 'unit': 'count', 'is_additive': true},
        {'item': 'talk_time', 'value': talk_total::double, 'unit': 'ms', 'is_additive': true},
        {'item': 'talk_time_mean', 'value': talk_mean::double, 'unit': 'ms', 'is_additive': false},
        {'item': 'hold_time', 'value': hold_total::double, 'unit': 'ms', 'is_additive': true},
        {'item': 'acw_time', 'value': work_total::double, 'unit': 'ms', 'is_additive': true},
        {'item': 'available_time', 'value': ready_total::double, 'unit': 'ms', 'is_additive': true},
        {'item': 'not_ready_time', 'value': not_ready_total::double, 'unit': 'ms', 'is_additive': true},
        {'item': 'ringing_time', 'value': reserved_total::double, 'unit': 'ms', 'is_additive': true},
        {'item': 'staffed_time', 'value': logged_in::double, 'unit': 'ms', 'is_additive': true}
    ], recursive := true)
    from typed_row
)
select
    key_id($source, 'agent' || chr(31) || source_key || chr(31) || item || chr(31) || local_time(exported_at)::date) as stat_id,
    'agent' as scope,
    null::varchar as queue_id,
    agent as agent_id,
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
