-- one row per dispute
select
    key_id($source, source_key) as dispute_id,
    key_id('plain_evaluations', evaluation_id) as evaluation_id,
    opened_at,
    opened_by,
    status,
    decided_at,
    decided_by,
    decision,
    items,
    score_before,
    score_after,
    source_key, load_id, line_no, exported_at, time_q, row_hash
from typed_row
