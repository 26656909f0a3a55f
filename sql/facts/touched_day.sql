-- one row per day of a fact whose stored measures are out of date; the fact * stands for all
select distinct fact, day
from lake.touched_day
where fact in ($fact, '*')
