-- one row per version of a contact record
select
    key_id($source, 'contact' || chr(31) || source_key) as record_id,
    'contact' as kind,
    'contact' as about,
    coalesce(initial_contact_id, contact_id) as group_key,
    initiated_at as happened_at,
    to_json(typed_row)::varchar as fields,
    'contact' || chr(31) || source_key as source_key,
    load_id,
    line_no,
    exported_at,
    time_q,
    row_hash
from typed_row
