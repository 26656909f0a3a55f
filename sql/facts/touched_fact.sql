-- one row per fact whose stored measures are out of date
select distinct fact
from lake.touched_day
