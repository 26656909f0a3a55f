-- one row per dispute
select
    key_id($source, source_key) as dispute_id,
    -- under a source that was named it is that source's evaluation, as two quality tools may both count from 1
    key_id(if($source = 'plain_disputes', 'plain_evaluations', $source), evaluation_id) as evaluation_id,
    opened_at,
    opened_by,
    case when decided_at is null then 'open' else 'decided' end as status,
    decided_at,
    decided_by,
    decision,
    -- the ids of the disputed items, separated by blanks, commas or semicolons
    nullif(array_to_string(regexp_extract_all(coalesce(items, ''), '[^\s,;]+'), ' '), '') as items,
    score_before,
    score_after,
    source_key, load_id, line_no, exported_at, time_q, row_hash
from typed_row
