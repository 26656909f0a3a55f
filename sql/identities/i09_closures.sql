-- closures are those still standing + those that were undone
with cases as (
    select
        request_event.case_id,
        any_value(request_event.case_number) as case_number,
        any_value(request_event.department) as department,
        count(*) filter (where event = 'closed') as closed,
        count(*) filter (where event = 'closed' and is_standing) as standing,
        count(*) filter (where event = 'reopened') as reopened
    from request_event
    where case_id in (
        select case_id
        from request_event
        where event in ('closed', 'reopened') and operating_day(happened_at) in (select unnest($days::date[]))
    )
    group by request_event.case_id
)
select
    coalesce(department, 'no department') as place,
    sum(closed)::double as stated,
    sum(standing + reopened)::double as found,
    list(case_number order by case_number) as behind
from cases
where closed <> standing + reopened
group by department
