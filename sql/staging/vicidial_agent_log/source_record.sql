-- one row per turn of an agent in which there was a call
select
    key_id($source, 'turn' || chr(31) || source_key) as record_id,
    'turn' as kind,
    'contact' as about,
    uniqueid as group_key,
    talk_epoch as happened_at,
    to_json(typed_row)::varchar as fields,
    'turn' || chr(31) || source_key as source_key,
    load_id,
    line_no,
    exported_at,
    time_q,
    row_hash
from typed_row
where uniqueid is not null and talk_sec > 0
