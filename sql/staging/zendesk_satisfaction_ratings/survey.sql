-- one row per offered rating; an offer without an answer is an invitation
select
    key_id($source, 'survey ' || source_key) as survey_id,
    key_id($source, case_key) as case_id,
    agent_id,
    queue_id,
    'satisfaction rating' as instrument,
    'email' as channel,
    sent_at,
    case when regexp_matches(score, '^(good|bad)') then updated_at end as answered_at,
    case when regexp_matches(score, '^(good|bad)') then 'finished' else 'offered' end as status,
    'link' as response_source,
    case_key as case_number,
    source_key, load_id, line_no, exported_at, time_q, row_hash
from typed_row
where score <> 'unoffered'
