-- one row per row of the call log: a call, or an agent's part of it
select
    key_id($source, 'row' || chr(31) || source_key) as record_id,
    'row' as kind,
    'contact' as about,
    call_id as group_key,
    timestamp as happened_at,
    to_json(typed_row)::varchar as fields,
    'row' || chr(31) || source_key as source_key,
    load_id,
    line_no,
    exported_at,
    time_q,
    row_hash
from typed_row
