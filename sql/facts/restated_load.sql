-- one row per file whose calls or agent states fall into the days of a file of its source that came before it
with about as (
    select distinct source_id, kind as about
    from lake.source_system
    -- a case is told again whenever it moves on, which restates nothing
    where kind in ('phone', 'agent states')
),
loaded as (
    select
        load_file.load_id,
        load_file.source_id,
        about.about,
        load_file.file_name,
        load_file.loaded_at,
        load_file.good,
        load_file.data_from,
        load_file.data_to
    from lake.load_file
    join about using (source_id)
    where load_file.verdict = 'accepted' and load_file.good > 0
)
select
    later.source_id as source,
    later.about,
    later.file_name as file,
    later.loaded_at,
    later.good,
    min(greatest(later.data_from, earlier.data_from)) as restated_from,
    max(least(later.data_to, earlier.data_to)) as restated_to
from loaded as later
join loaded as earlier on
    earlier.source_id = later.source_id
    and earlier.load_id < later.load_id
    -- files of one load restate nothing of each other; of two loads the later may say an earlier hour
    and earlier.loaded_at <> later.loaded_at
    and earlier.data_from < later.data_to
    and later.data_from < earlier.data_to
group by all
order by later.loaded_at desc, later.source_id, later.file_name
