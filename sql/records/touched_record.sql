-- one row per record of a touched group, stored or just staged: all of a contact, of an agent what lies near the change
create or replace temp table touched_record as
with latest as (
    select * exclude (deleted_seen_at, extra) from lake.source_record
    where source_id = $source
        and group_key in (select group_key from touched_group)
        and record_id not in (select record_id from changed_record)
        and record_id not in (select key from gone_source_record)
    union all by name
    select * from changed_record
)
select latest.*
from latest
join touched_group using (about, group_key)
where about = 'contact'
    or happened_at between touched_group.from_at - interval 2 days and touched_group.to_at + interval 2 days
