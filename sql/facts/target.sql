-- one row per target of a metric and period of validity: a queue's own before the centre's, later ones first
select metric, queue_id, goal, within_ms, valid_from, valid_to
from lake.target
order by metric, queue_id is null, valid_from desc
