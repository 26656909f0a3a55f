-- one row per question that was answered
select
    key_id($source, survey_id) as survey_id,
    coalesce(question, measures) as question_key,
    coalesce(question, measures) as question_text,
    answer as value_text,
    score as value_num,
    coalesce(scale_min, case measures when 'csat' then 1 when 'nps' then 0 end) as scale_min,
    coalesce(scale_max, case measures when 'csat' then 5 when 'nps' then 10 end) as scale_max,
    measures as is_main,
    source_key, load_id, line_no, exported_at, time_q, row_hash
from typed_row
where (score is not null or answer is not null) and measures is not null
