-- one row per moment: what the engine says is the time of day in a zone
select moment, timezone($zone, timezone('UTC', moment)) as local_time
from (select unnest($moments::timestamp[]) as moment)
order by moment
