-- one row per file that was loaded after a load: what may have restated figures
select load_id, source_id as source, file_name as file, loaded_at, data_from, data_to
from lake.load_file
where verdict = 'accepted' and load_id > $load_id
order by load_id
