-- one row per queue (null: the whole centre) and period in which a call counts as answered in time within `within_ms`
with stated as (
    select queue_id, within_ms, valid_from, valid_to
    from dated_target
    where metric = 'service_level' and within_ms is not null and request_type is null and department is null
    -- of one day what centre.toml says goes before what a file says
    qualify row_number() over (partition by queue_id, valid_from order by is_setting desc) = 1
)
select
    queue_id,
    within_ms,
    valid_from,
    least(
        coalesce(valid_to, date '9999-12-31'),
        coalesce(lead(valid_from) over (partition by queue_id order by valid_from), date '9999-12-31')
    ) as valid_to
from stated
