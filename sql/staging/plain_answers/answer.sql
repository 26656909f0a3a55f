-- one row per answered item
select
    -- under a source that was named it is that source's evaluation, as two quality tools may both count from 1
    key_id(if($source = 'plain_answers', 'plain_evaluations', $source), evaluation_id) as evaluation_id,
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
