-- one row per queue (null: the whole centre) and period in which a call counts as answered in time within `within_ms`
select
    queue_id,
    within_ms,
    valid_from,
    least(
        coalesce(valid_to, date '9999-12-31'),
        coalesce(lead(valid_from) over (partition by queue_id order by valid_from), date '9999-12-31')
    ) as valid_to
from lake.target
where metric = 'service_level' and within_ms is not null
