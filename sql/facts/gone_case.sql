-- one row per case that a full export no longer holds: its newest state, now as one that its source deleted
select
    newest.* replace (
        'cancelled' as status,
        'deleted' as status_code,
        coalesce(newest.closed_at, $exported_at::timestamp) as closed_at,
        'derived' as closed_q,
        $exported_at::timestamp as exported_at,
        $load_id::integer as load_id,
        0 as line_no,
        hash(newest.row_hash) as row_hash
    )
from (
    select *
    from lake.case_version
    where source_id = $source and load_id in (select load_id from lake.load_file where layout = $layout)
    qualify row_number() over (partition by case_id order by is_ahead(exported_at), exported_at desc, load_id desc) = 1
) as newest
where newest.exported_at < $exported_at
    and newest.status_code is distinct from 'deleted'
    and newest.case_id not in (select case_id from staged_case_version)
    and exists (
        select 1 from window_span
        where coalesce(newest.created_at, timestamp '0001-01-01') >= from_at
            and coalesce(newest.created_at, timestamp '0001-01-01') < until_at
    )
    -- an older full export that comes late says nothing of what a newer export still showed
    and not exists (
        select 1 from lake.load_file
        where source_id = $source and layout = $layout and verdict = 'accepted' and exported_at > $exported_at
    )
