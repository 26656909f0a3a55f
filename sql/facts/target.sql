-- one row per target of a metric and period of validity: a queue's, type's or department's own before the centre's,
-- later ones first, and of one day what centre.toml says before what a file says
select metric, queue_id as queue, request_type, department, goal, within_ms, valid_from, valid_to
from dated_target
order by
    metric,
    queue_id is null and request_type is null and department is null,
    request_type is null,
    valid_from desc,
    is_setting desc
