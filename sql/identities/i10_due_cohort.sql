-- requests are on time + late closed + late open + not yet due + without a date + closed at an unknown time
with judged as (
    select service_case.case_id, service_case.number, service_case.department, count(request.case_id) as verdicts
    from lake.service_case
    left join request on request.case_id = service_case.case_id and request.due_outcome in
        ('on_time', 'late_closed', 'late_open', 'not_yet_due', 'no_due_date', 'closed_at_unknown_time')
    where service_case.kind = 'request' and operating_day(service_case.created_at) in (select unnest($days::date[]))
    group by all
)
select
    coalesce(department, 'no department') as place,
    count(*)::double as stated,
    sum(verdicts)::double as found,
    list(number order by number) filter (where verdicts <> 1) as behind
from judged
group by department
having count(*) filter (where verdicts <> 1) > 0
