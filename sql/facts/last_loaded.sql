-- one row: when the newest file was loaded, the newest by number: a clock that was ahead says nothing of the loads after it
select arg_max(loaded_at, load_id) as loaded_at
from lake.load_file
where verdict = 'accepted'
