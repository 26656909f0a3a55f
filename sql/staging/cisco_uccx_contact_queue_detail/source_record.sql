-- one row per visit of a call to a queue
select
    key_id($source, 'queue' || chr(31) || source_key) as record_id,
    'queue' as kind,
    'contact' as about,
    session_id as group_key,
    start_time as happened_at,
    to_json(typed_row)::varchar as fields,
    'queue' || chr(31) || source_key as source_key,
    load_id,
    line_no,
    exported_at,
    time_q,
    row_hash
from typed_row
