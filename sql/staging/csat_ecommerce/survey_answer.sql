-- one row per score
select
    key_id($source, source_key) as survey_id,
    'CSAT Score' as question_key,
    'CSAT Score' as question_text,
    remark as value_text,
    score as value_num,
    1 as scale_min,
    5 as scale_max,
    'csat' as is_main,
    source_key, load_id, line_no, exported_at, time_q, row_hash
from typed_row
