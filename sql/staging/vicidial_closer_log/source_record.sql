-- one row per visit of a call to an in-group
select
    key_id($source, 'closer' || chr(31) || source_key) as record_id,
    'closer' as kind,
    'contact' as about,
    coalesce(uniqueid, close_call_id) as group_key,
    started_at as happened_at,
    to_json(typed_row)::varchar as fields,
    'closer' || chr(31) || source_key as source_key,
    load_id,
    line_no,
    exported_at,
    time_q,
    row_hash
from typed_row
