-- one row: when the newest file was loaded
select max(loaded_at) as loaded_at
from lake.load_file
where verdict = 'accepted'
