-- one row per start, breach and end of an agreement on a task; its planned end is the task's due date
with moments as (
    select *, unnest([
        {'event': 'sla_started', 'happened_at': started_at},
        {'event': 'sla_breached', 'happened_at': case when has_breached then due_at end},
        {'event': 'sla_met', 'happened_at': case when not has_breached and stage in ('completed', 'Completed', 'achieved') then ended_at end}
    ], recursive := true)
    from typed_row
)
select
    key_id($source, 'sla ' || source_key || ' ' || event) as case_change_id,
    key_id($source, case_key) as case_id,
    happened_at,
    event,
    sla as field,
    case event when 'sla_started' then due_at::varchar end as to_value,
    stage as to_code,
    'sla ' || source_key || ' ' || event as source_key,
    load_id, line_no, exported_at, time_q, row_hash,
    json_object('duration_ms', duration, 'business_duration_ms', business_duration)::varchar as extra
from moments
where happened_at is not null
