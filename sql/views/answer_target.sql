-- one row per queue (null: the whole centre) and period in which a call counts as answered in time within `within_ms`
with stated as (
    select metric, queue_id, within_ms, valid_from, valid_to, true as is_setting
    from lake.target
    union all
    select metric, queue_id, within_ms, valid_from, valid_to, false
    from lake.stated_target
    where deleted_seen_at is null and request_type is null and department is null
),
limits as (
    select queue_id, within_ms, valid_from, valid_to
    from stated
    where metric = 'service_level' and within_ms is not null
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
from limits
