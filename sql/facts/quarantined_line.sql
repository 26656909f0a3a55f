-- one row per line that was put aside, the newest first
select
    load_file.loaded_at,
    load_file.source_id as source,
    load_file.file_name as file,
    quarantine.line_no as line,
    quarantine.column_name,
    quarantine.reason,
    quarantine.raw
from lake.quarantine
join lake.load_file using (load_id)
order by quarantine.load_id desc, quarantine.line_no
limit $most
