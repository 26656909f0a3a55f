-- one row: up to when data reach; what a plan says of days to come counts as the day on which it was loaded
select max(least(data_to, loaded_at)) as newest
from lake.load_file
where verdict = 'accepted'
