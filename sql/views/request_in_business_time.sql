-- one row per service request of a department that keeps hours: how much of its open time has passed
with measured as (
    select request.*, department_calendar.calendar_id, coalesce(first_closed_at, cutoff_at) as until_at
    from request
    join department_calendar using (department)
),
started as (
    select
        measured.*,
        opening.open_before_ms + least(epoch_ms(measured.created_at) - epoch_ms(opening.opens_at), opening.open_ms) as open_at_start_ms
    from measured
    asof join opening on opening.calendar_id = measured.calendar_id and measured.created_at >= opening.opens_at
)
select
    started.*,
    opening.open_before_ms + least(epoch_ms(started.until_at) - epoch_ms(opening.opens_at), opening.open_ms) - open_at_start_ms
        as business_ms
from started
asof join opening on opening.calendar_id = started.calendar_id and started.until_at >= opening.opens_at
