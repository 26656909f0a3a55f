-- one row per source of which a file was accepted
select distinct source_id
from lake.load_file
where verdict = 'accepted' and source_id is not null
