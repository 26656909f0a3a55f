-- one row per source: up to when its data reach, when it was loaded last, and what it holds back
select
    source_id as source,
    max(data_to) as data_to,
    max(loaded_at) as loaded_at,
    sum(good)::bigint as good,
    sum(quarantined)::bigint as quarantined
from lake.load_file
where verdict = 'accepted'
group by source_id
order by source_id
