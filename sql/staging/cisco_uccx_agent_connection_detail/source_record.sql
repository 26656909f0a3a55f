-- one row per connection of a call to an agent
select
    key_id($source, 'connection' || chr(31) || source_key) as record_id,
    'connection' as kind,
    'contact' as about,
    session_id as group_key,
    start_time as happened_at,
    to_json(typed_row)::varchar as fields,
    'connection' || chr(31) || source_key as source_key,
    load_id,
    line_no,
    exported_at,
    time_q,
    row_hash
from typed_row
