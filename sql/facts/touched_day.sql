-- one row per fact and day whose stored measures are out of date; the fact * stands for all
select distinct fact, day
from lake.touched_day
