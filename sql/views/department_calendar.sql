-- one row per department whose requests the centre keeps hours for: its own calendar, else the one for all departments
with departments as (
    select distinct department
    from lake.service_case
)
select departments.department, coalesce(own.calendar_id, general.calendar_id) as calendar_id
from departments
left join lake.calendar_use as own on own.kind = 'department' and own.name = departments.department
left join lake.calendar_use as general on general.kind = 'department' and general.name is null
where coalesce(own.calendar_id, general.calendar_id) is not null
