-- one row per goal of a metric and period of validity: of a queue, a request type, a department or (all null) the centre
select queue_id as queue, null::varchar as request_type, null::varchar as department, goal, valid_from, valid_to
from lake.target
where metric = $metric and goal is not null
union all
select null, request_type, department, goal, valid_from, valid_to
from lake.request_target
where metric = $metric
order by valid_from desc
