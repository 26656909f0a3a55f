-- closed requests on time by our reckoning are those that the source itself calls on time
select
    source_id || ', ' || coalesce(department, 'no department') as place,
    count(*) filter (where on_time_vendor)::double as stated,
    count(*) filter (where due_outcome = 'on_time')::double as found,
    list(case_number order by case_number) filter (where on_time_vendor <> (due_outcome = 'on_time')) as behind
from request
where on_time_vendor is not null and due_outcome in ('on_time', 'late_closed')
    and operating_day(due_at) in (select unnest($days::date[]))
group by source_id, department
having count(*) filter (where on_time_vendor <> (due_outcome = 'on_time')) > 0
