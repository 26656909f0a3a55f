-- one row per change of a worker's activity
with events as (
    select touched_record.* exclude (fields), unnest(from_json(fields, '{"activity": "VARCHAR"}'))
    from touched_record
    where about = 'agent'
)
select
    source_key as moment_key,
    group_key as agent_id,
    'routing' as track,
    happened_at,
    case
        when lower(activity) in ('available', 'idle') then 'available'
        when lower(activity) = 'offline' then 'offline'
        else 'not_ready'
    end as state,
    activity as state_code,
    case when lower(activity) not in ('available', 'idle', 'offline') then activity end as reason_code,
    load_id, line_no, exported_at, time_q, row_hash
from events
