-- one row per target of a metric, for whom it is meant (all null: the centre) and period of validity
select
    metric,
    queue_id,
    null::varchar as request_type,
    null::varchar as department,
    goal,
    within_ms,
    valid_from,
    valid_to,
    true as is_setting
from lake.target
union all
select metric, null, request_type, department, goal, null, valid_from, valid_to, true
from lake.request_target
union all
select metric, queue_id, request_type, department, goal, within_ms, valid_from, valid_to, false
from lake.stated_target
where deleted_seen_at is null
