-- one row per department in the data that the centre's settings do not name, where they name any
with known as (
    select department from lake.request_type where department is not null
    union
    select department from dated_target where department is not null
    union
    select name from lake.calendar_use where kind = 'department' and name is not null
    union
    select entity_id from lake.alias where kind = 'department' and deleted_seen_at is null
)
select department as name, count(*) as cases
from lake.service_case
where department is not null
    and department not in (select department from known)
    and (select count(*) from known) > 0
group by department
order by cases desc
