-- one row per subject with data: first and last operating day of contacts, service requests or reported days
-- (contacts that only the case system knows say nothing of how far the contacts' own sources reach)
with spans as (
    select 'contact' as subject, min(entered_at) as first_at, max(entered_at) as last_at
    from lake.contact
    where outcome_code is distinct from 'case'
    union all
    select 'request', min(created_at), max(created_at) from lake.service_case
    union all
    select 'reported_day', min(interval_start_at), max(interval_start_at) from lake.interval_stat
)
select subject, operating_day(first_at) as first_day, operating_day(last_at) as last_day
from spans
where first_at is not null
