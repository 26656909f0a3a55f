-- one row per definition that a metric has had, oldest first
select metric, metric_id, version, fingerprint, title, formula, since
from lake.definition
order by metric, since, version
