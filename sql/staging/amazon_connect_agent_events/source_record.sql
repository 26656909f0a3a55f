-- one row per event of an agent
select
    key_id($source, 'event' || chr(31) || source_key) as record_id,
    'event' as kind,
    'agent' as about,
    coalesce(username, username_before, agent_arn) as group_key,
    event_at as happened_at,
    to_json(typed_row)::varchar as fields,
    'event' || chr(31) || source_key as source_key,
    load_id,
    line_no,
    exported_at,
    time_q,
    row_hash
from typed_row
