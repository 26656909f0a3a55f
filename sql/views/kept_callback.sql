-- one row per visit whose caller was called back within the time that the centre promises
select leg_id
from callback
where is_in_window
