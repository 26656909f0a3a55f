-- one row: the last operating day on which contacts came in, as their own sources tell
select operating_day(max(entered_at)) as last_day
from lake.contact
where outcome_code is distinct from 'case'
