-- one row: the first and the last operating day that any fact can belong to
with instants as (
    select min(entered_at) as first_at, max(entered_at) as last_at from lake.contact
    union all
    select min(released_at), max(coalesce(acw_end_at, released_at)) from lake.leg
    union all
    select min(start_at), max(end_at) from lake.agent_state
    union all
    select min(created_at), max(greatest(created_at, coalesce(due_at, created_at))) from lake.service_case
    union all
    select min(happened_at), max(happened_at) from lake.case_event
    union all
    select min(interval_start_at), max(interval_start_at) from lake.interval_stat
)
select operating_day(min(first_at)) as first_day, operating_day(max(last_at)) as last_day
from instants
