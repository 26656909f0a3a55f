-- one row per file that is in the warehouse
select sha256, any_value(source_id) as source_id
from lake.load_file
where verdict = 'accepted'
group by sha256
