-- one row per case whose contacts are sought anew: it changed, a contact names it, or calls of its hour came in
create or replace temp table linkable_case as
with calls as (
    select min(queue_enter_at) as first_at, max(coalesce(acw_end_at, released_at)) as last_at
    from staged_leg
)
select case_id from touched_case
union
select service_case.case_id
from lake.service_case
join staged_contact_case on staged_contact_case.case_number = service_case.number
union
select service_case.case_id
from lake.service_case
cross join calls
where service_case.channel = 'voice'
    and service_case.created_at between calls.first_at and calls.last_at + interval 5 minutes
    and coalesce(service_case.call_id, service_case.created_by) is not null
