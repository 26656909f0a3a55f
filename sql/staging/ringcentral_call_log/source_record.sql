-- one row per version of a call record
select
    key_id($source, 'call' || chr(31) || source_key) as record_id,
    'call' as kind,
    'contact' as about,
    coalesce(telephony_session_id, session_id) as group_key,
    start_time as happened_at,
    to_json(typed_row)::varchar as fields,
    'call' || chr(31) || source_key as source_key,
    load_id,
    line_no,
    exported_at,
    time_q,
    row_hash
from typed_row
