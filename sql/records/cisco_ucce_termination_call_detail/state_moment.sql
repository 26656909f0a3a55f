-- one row per moment that sets the state of an agent
with events as (
    select
        touched_record.* exclude (fields),
        unnest(from_json(fields, '{"event_name": "VARCHAR", "reason_code": "VARCHAR"}'))
    from touched_record
    where about = 'agent'
)
select
    source_key as moment_key,
    group_key as agent_id,
    'routing' as track,
    happened_at,
    case event_name
        when '0' then 'offline'
        when '1' then 'available'
        when '2' then 'not_ready'
        when '3' then 'available'
        when '4' then 'handling'
        when '5' then 'acw'
        when '6' then 'acw'
        when '7' then 'handling'
        when '8' then 'ringing'
    end as state,
    event_name as state_code,
    reason_code,
    load_id, line_no, exported_at, time_q, row_hash
from events
-- what else the table tells, a call held or transferred, leaves the agent in the state he was in
where event_name in ('0', '1', '2', '3', '4', '5', '6', '7', '8')
