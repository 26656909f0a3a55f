-- one row per request to which its source gives no date and the centre a target: when it is due by the calendar
with undated as (
    select
        case_id,
        created_at,
        local_time(created_at)::date as created_on,
        department,
        request_type
    from lake.service_case
    where due_at is null and kind = 'request' and created_at is not null
),
-- the target of the request's own type comes before its department's, and that before the one for all
aimed as (
    select undated.*, target.business_days, target.days, department_calendar.calendar_id
    from undated
    join lake.request_due as target
        on coalesce(target.request_type = undated.request_type, target.request_type is null)
        and coalesce(target.department = undated.department, target.department is null)
        and undated.created_on >= target.valid_from
        and undated.created_on < coalesce(target.valid_to, date '9999-12-31')
    left join department_calendar on department_calendar.department = undated.department
    qualify row_number() over (
        partition by undated.case_id
        order by target.request_type is not null desc, target.department is not null desc, target.valid_from desc
    ) = 1
),
open_day as (
    select
        calendar_id,
        on_day,
        max(closes_at) as closes_at,
        row_number() over (partition by calendar_id order by on_day) as number
    from opening
    group by calendar_id, on_day
),
begun as (
    select aimed.*, coalesce(open_day.number, 0) as number
    from aimed
    asof left join open_day on open_day.calendar_id = aimed.calendar_id and aimed.created_on >= open_day.on_day
)
select
    begun.case_id,
    case
        -- the day of creation does not count; the last one ends when it closes
        when begun.business_days is not null then open_day.closes_at
        -- the same time by the clock on the wall, so many days later
        else instant_of(local_time(begun.created_at) + to_days(begun.days))
    end as due_at
from begun
left join open_day on open_day.calendar_id = begun.calendar_id and open_day.number = begun.number + begun.business_days
