-- one row per moment that sets the state of an agent
with events as (
    select
        touched_record.* exclude (fields),
        unnest(from_json(fields, '{"event_type": "VARCHAR", "reason_code": "VARCHAR"}'))
    from touched_record
    where about = 'agent'
)
select
    source_key as moment_key,
    group_key as agent_id,
    'routing' as track,
    happened_at,
    case event_type
        when '1' then 'available'
        when '2' then 'not_ready'
        when '3' then 'available'
        when '4' then 'ringing'
        when '5' then 'handling'
        when '6' then 'acw'
        when '7' then 'offline'
    end as state,
    event_type as state_code,
    nullif(reason_code, '0') as reason_code,
    load_id, line_no, exported_at, time_q, row_hash
from events
