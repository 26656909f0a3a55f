-- one row per answered item
select
    key_id('plain_evaluations', evaluation_id) as evaluation_id,
    item_id,
    1 as occurrence,
    value as value_text,
    points,
    max_points,
    is_na,
    not is_na as is_scored,
    failed as failed_autofail,
    source_key, load_id, line_no, exported_at, time_q, row_hash
from typed_row
