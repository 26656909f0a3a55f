-- one row per source, column and reason for which lines were put aside, the most frequent first
select
    load_file.source_id as source,
    quarantine.column_name,
    quarantine.reason,
    count(*) as lines,
    max_by(load_file.file_name, (quarantine.load_id, -quarantine.line_no)) as newest_file,
    max_by(quarantine.line_no, (quarantine.load_id, -quarantine.line_no)) as its_first_line
from lake.quarantine
join lake.load_file using (load_id)
group by load_file.source_id, quarantine.column_name, quarantine.reason
order by lines desc, source, reason
