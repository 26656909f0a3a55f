-- one row per window in which a calendar is open, with the open time of all windows before it
with windows as (
    select
        calendar_id,
        on_day,
        timezone(timezone, on_day + open_from) at time zone 'UTC' as opens_at,
        -- a window that ends at midnight, or after it, closes on the day that follows
        timezone(timezone, on_day + (case when open_to > open_from then 0 else 1 end) + open_to) at time zone 'UTC' as closes_at
    from lake.calendar
    where open_from is not null
)
select
    calendar_id,
    on_day,
    opens_at,
    closes_at,
    (coalesce(sum(epoch_ms(closes_at) - epoch_ms(opens_at)) over earlier, 0))::bigint as open_before_ms,
    epoch_ms(closes_at) - epoch_ms(opens_at) as open_ms
from windows
window earlier as (partition by calendar_id order by opens_at rows between unbounded preceding and 1 preceding)
