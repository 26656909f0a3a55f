-- one row: the number of the next load
select coalesce(max(load_id), 0) + 1
from lake.load_file
