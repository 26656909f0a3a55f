-- one row per version of a contact
select
    key_id($source, 'contact' || chr(31) || source_key) as record_id,
    'contact' as kind,
    'contact' as about,
    master_contact_id as group_key,
    contact_start as happened_at,
    to_json(typed_row)::varchar as fields,
    'contact' || chr(31) || source_key as source_key,
    load_id,
    line_no,
    exported_at,
    time_q,
    row_hash
from typed_row
