-- one row per answered survey
select
    key_id($source, source_key) as survey_id,
    agent_id,
    category as queue_id,
    'satisfaction after contact' as instrument,
    case channel when 'Inbound' then 'voice' when 'Outcall' then 'voice' else contact_channel(channel) end as channel,
    sent_at,
    utc_of(answered_on) as answered_at,
    'finished' as status,
    'link' as response_source,
    source_key, load_id, line_no, exported_at, time_q, row_hash
from typed_row
