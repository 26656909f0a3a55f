-- one row per goal of a metric and period of validity: of a queue, a request type, a department or (all null) the centre
select queue_id as queue, request_type, department, goal, valid_from, valid_to
from dated_target
where metric = $metric and goal is not null
order by valid_from desc, is_setting desc
