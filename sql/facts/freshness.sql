-- one row per source: what it is about, up to when its data reach, when it was loaded last, and what it holds back
with about as (
    select source_id, string_agg(distinct kind, ', ' order by kind) as about
    from lake.source_system
    group by source_id
)
select
    load_file.source_id as source,
    any_value(about.about) as about,
    max(load_file.data_to) as data_to,
    arg_max(load_file.loaded_at, load_file.load_id) as loaded_at,
    sum(load_file.good)::bigint as good,
    sum(load_file.quarantined)::bigint as quarantined
from lake.load_file
left join about using (source_id)
where load_file.verdict = 'accepted'
group by load_file.source_id
order by load_file.source_id
