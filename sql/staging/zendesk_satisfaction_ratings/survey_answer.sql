-- one row per rating that was given
select
    key_id($source, 'survey ' || source_key) as survey_id,
    'score' as question_key,
    'How would you rate the support you received?' as question_text,
    coalesce(comment, score) as value_text,
    case when score like 'good%' then 5 else 1 end as value_num,
    1 as scale_min,
    5 as scale_max,
    'csat' as is_main,
    source_key, load_id, line_no, exported_at, time_q, row_hash
from typed_row
where regexp_matches(score, '^(good|bad)')
