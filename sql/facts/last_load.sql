-- one row: the number of the newest load
select coalesce(max(load_id), 0) as load_id
from lake.load_file
where verdict = 'accepted'
