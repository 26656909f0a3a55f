-- one row per interval, split or agent, and reported item; averages and shares keep their own unit and are not additive
with timed as (
    select
        *,
        try_strptime(date, ['%m/%d/%Y', '%m/%d/%y', '%Y-%m-%d'])::date as day,
        string_split(upper(replace(interval, ' ', '')), '-') as clocks
    from typed_row
),
spans as (
    select
        *,
        try_strptime(clocks[1], ['%I:%M%p', '%H:%M', '%H%M'])::time as begins,
        coalesce(try_strptime(clocks[2], ['%I:%M%p', '%H:%M', '%H%M'])::time, null) as ends
    from timed
),
placed as (
    select
        *,
        utc_of(day + coalesce(begins, time '00:00')) as starts_at,
        case
            when begins is null then epoch_ms(utc_of(day + interval 1 day)) - epoch_ms(utc_of(day::timestamp))
            when ends is null then null
            -- the last interval of a day ends at midnight
            else (epoch_ms(date '2000-01-01' + ends) - epoch_ms(date '2000-01-01' + begins) + 86400000) % 86400000
        end as span_ms
    from spans
),
items as (
    select *, unnest([
        {'item': 'offered', 'value': (acd_calls + aban_calls)::double, 'unit': 'count', 'is_additive': true},
        {'item': 'handled', 'value': acd_calls::double, 'unit': 'count', 'is_additive': true},
        {'item': 'abandoned', 'value': aban_calls::double, 'unit': 'count', 'is_additive': true},
        {'item': 'speed_of_answer', 'value': avg_speed_ans::double, 'unit': 'ms', 'is_additive': false},
        {'item': 'time_to_abandon', 'value': avg_aban_time::double, 'unit': 'ms', 'is_additive': false},
        {'item': 'talk_time_mean', 'value': avg_acd_time::double, 'unit': 'ms', 'is_additive': false},
        {'item': 'acw_time_mean', 'value': avg_acw_time::double, 'unit': 'ms', 'is_additive': false},
        {'item': 'talk_time', 'value': acd_time::double, 'unit': 'ms', 'is_additive': true},
        {'item': 'acw_time', 'value': acw_time::double, 'unit': 'ms', 'is_additive': true},
        {'item': 'hold_time', 'value': hold_time::double, 'unit': 'ms', 'is_additive': true},
        -- a person's own time stands once per split that the person is in: never added over splits
        {'item': 'staffed_time', 'value': staffed_time::double, 'unit': 'ms', 'is_additive': split is null},
        {'item': 'aux_time', 'value': aux_time::double, 'unit': 'ms', 'is_additive': split is null},
        {'item': 'available_time', 'value': avail_time::double, 'unit': 'ms', 'is_additive': split is null},
        {'item': 'longest_wait', 'value': max_delay::double, 'unit': 'ms', 'is_additive': false},
        {'item': 'service_level', 'value': within_service_level / 100, 'unit': 'ratio', 'is_additive': false}
    ], recursive := true)
    from placed
)
select
    key_id($source, source_key || chr(31) || item) as stat_id,
    case
        when agent is not null and split is not null then 'agent_queue'
        when agent is not null then 'agent'
        when split is not null then 'queue'
        else 'centre'
    end as scope,
    split as queue_id,
    agent as agent_id,
    starts_at as interval_start_at,
    span_ms as interval_ms,
    item,
    value,
    unit,
    is_additive,
    true as is_complete,
    source_key || ' ' || item as source_key,
    load_id,
    line_no,
    exported_at,
    'zone_set' as time_q,
    row_hash
from items
where value is not null
