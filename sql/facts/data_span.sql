-- one row: first and last operating day for which contacts, requests or reported days are known
with spans as (
    select min(entered_at) as first_at, max(entered_at) as last_at from lake.contact
    union all
    select min(created_at), max(created_at) from lake.service_case
    union all
    select min(interval_start_at), max(interval_start_at) from lake.interval_stat
)
select operating_day(min(first_at)) as first_day, operating_day(max(last_at)) as last_day
from spans
