-- one row per operating day on which open requests fell due between the last export of their source and the new one
insert into lake.touched_day
select distinct 'request', operating_day(due_at)
from lake.service_case
where status not in ('closed', 'duplicate', 'cancelled', 'merged')
    and due_at > (select coalesce(max(exported_at), timestamp '1900-01-01') from lake.load_file
                  where verdict = 'accepted' and source_id = $source)
    and due_at <= (select max(exported_at) from staged_case_version)
