-- one row per part of a call
select
    key_id($source, 'part' || chr(31) || source_key) as record_id,
    'part' as kind,
    'contact' as about,
    call_id as group_key,
    time_start as happened_at,
    to_json(typed_row)::varchar as fields,
    'part' || chr(31) || source_key as source_key,
    load_id,
    line_no,
    exported_at,
    time_q,
    row_hash
from typed_row
