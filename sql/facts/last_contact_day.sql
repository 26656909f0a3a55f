-- one row: the last operating day on which contacts came in
select operating_day(max(entered_at)) as last_day
from lake.contact
