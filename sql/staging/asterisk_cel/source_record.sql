-- one row per channel event
select
    key_id($source, 'cel' || chr(31) || source_key) as record_id,
    'cel' as kind,
    'contact' as about,
    linkedid as group_key,
    eventtime as happened_at,
    to_json({
        'event': eventtype, 'channel': channame, 'uniqueid': uniqueid, 'context': context, 'application': appname,
        'caller': cid_num
    })::varchar as fields,
    'cel' || chr(31) || source_key as source_key,
    load_id,
    line_no,
    exported_at,
    time_q,
    row_hash
from typed_row
