-- one row per source: the newest export, up to which the state of its cases is known
select source_id, max(exported_at) as cutoff_at
from lake.load_file
where verdict = 'accepted'
group by source_id
