-- one row per operating day on which requests fell due between the last export of their source and the new one
insert into lake.touched_day
with last_export as (
    select coalesce(max(exported_at), timestamp '1900-01-01') as exported_at
    from lake.load_file
    where verdict = 'accepted' and source_id = $source
),
deadlines as (
    select due_at as deadline from lake.service_case
    union all
    select promised_at from lake.service_case
)
select distinct 'request', operating_day(deadline)
from deadlines
where deadline > (select exported_at from last_export) and deadline <= (select max(exported_at) from staged_case_version)
