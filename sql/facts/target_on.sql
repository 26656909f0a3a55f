-- one row per target of a metric that holds on a day, the queue's own before the centre's
select goal, within_ms, queue_id
from lake.target
where metric = $metric
    and (queue_id is null or queue_id = $queue)
    and valid_from <= $day
    and coalesce(valid_to, date '9999-12-31') > $day
order by queue_id is null, valid_from desc
limit 1
