-- one row per invitation, from the first of its questions
select
    key_id($source, survey_id) as survey_id,
    agent_id,
    queue as queue_id,
    instrument,
    contact_channel(channel) as channel,
    language,
    sent_at,
    answered_at,
    case when answered_at is null then 'offered' else 'finished' end as status,
    call_id as contact_key,
    case_number,
    survey_id as source_key,
    load_id, line_no, exported_at, time_q, row_hash
from typed_row
qualify row_number() over (partition by load_id, survey_id order by line_no) = 1
