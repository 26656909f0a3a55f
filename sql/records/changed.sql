-- one row per staged record that is new, or newer than the stored one and in other words
create or replace temp table changed_record as
select staged.*
from staged_source_record as staged
left join lake.source_record as stored using (record_id)
where stored.record_id is null
    or (
        (staged.exported_at >= stored.exported_at or is_ahead(stored.exported_at))
        and staged.row_hash <> stored.row_hash
    )
