-- one row per interval, split or agent, and item
with timed as (
    select
        *,
        utc_of(row_date + to_minutes((start_time // 100) * 60 + start_time % 100)) as starts_at,
        case
            when login is not null and split is not null then 'agent_queue'
            when login is not null then 'agent'
            else 'queue'
        end as scope
    from typed_row
),
items as (
    select *, unnest([
        {'item': 'offered', 'value': (acd_calls + abandoned_calls)::double, 'unit': 'count', 'is_additive': true},
        {'item': 'handled', 'value': acd_calls::double, 'unit': 'count', 'is_additive': true},
        {'item': 'abandoned', 'value': abandoned_calls::double, 'unit': 'count', 'is_additive': true},
        {'item': 'transferred', 'value': transferred::double, 'unit': 'count', 'is_additive': true},
        {'item': 'talk_time', 'value': acdtime::double, 'unit': 'ms', 'is_additive': true},
        {'item': 'hold_time', 'value': holdtime::double, 'unit': 'ms', 'is_additive': true},
        {'item': 'acw_time', 'value': acwtime::double, 'unit': 'ms', 'is_additive': true},
        {'item': 'abandon_time', 'value': abntime::double, 'unit': 'ms', 'is_additive': true},
        {'item': 'answer_time', 'value': anstime::double, 'unit': 'ms', 'is_additive': true},
        -- i_ items stand in every split of a person who has several; ti_ items once per person
        {'item': 'i_staffed_time', 'value': i_stafftime::double, 'unit': 'ms', 'is_additive': login is null},
        {'item': 'i_available_time', 'value': i_availtime::double, 'unit': 'ms', 'is_additive': login is null},
        {'item': 'i_aux_time', 'value': i_auxtime::double, 'unit': 'ms', 'is_additive': login is null},
        {'item': 'i_acw_time', 'value': i_acwtime::double, 'unit': 'ms', 'is_additive': true},
        {'item': 'i_ringing_time', 'value': i_ringtime::double, 'unit': 'ms', 'is_additive': true},
        {'item': 'staffed_time', 'value': ti_stafftime::double, 'unit': 'ms', 'is_additive': true},
        {'item': 'available_time', 'value': ti_availtime::double, 'unit': 'ms', 'is_additive': true},
        {'item': 'aux_time', 'value': ti_auxtime::double, 'unit': 'ms', 'is_additive': true}
    ], recursive := true)
    from timed
)
select
    key_id($source, source_key || chr(31) || item) as stat_id,
    -- a person's own time is of the person, not of the split in whose row it stands
    case when item in ('staffed_time', 'available_time', 'aux_time') and login is not null then 'agent' else scope end
        as scope,
    case when not (item in ('staffed_time', 'available_time', 'aux_time') and login is not null) then split end as queue_id,
    login as agent_id,
    starts_at as interval_start_at,
    interval_minutes * 60000 as interval_ms,
    item,
    value,
    unit,
    is_additive,
    not coalesce(incomplete, false) as is_complete,
    source_key || ' ' || item as source_key,
    load_id,
    line_no,
    exported_at,
    'zone_set' as time_q,
    row_hash
from items
where value is not null
