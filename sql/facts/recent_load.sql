-- one row per file that was offered, newest first
select
    load_id,
    loaded_at,
    source_id as source,
    layout,
    file_name as file,
    verdict,
    reason,
    rows_read,
    good,
    quarantined,
    duplicate,
    blank,
    data_from,
    data_to
from lake.load_file
order by load_id desc
limit $most
