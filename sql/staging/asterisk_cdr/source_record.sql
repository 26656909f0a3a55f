-- one row per pair of parties
select
    key_id($source, 'cdr' || chr(31) || source_key) as record_id,
    'cdr' as kind,
    'contact' as about,
    coalesce(linkedid, uniqueid, source_key) as group_key,
    start_time as happened_at,
    to_json({
        'start_time': start_time, 'answer_time': answer_time, 'end_time': end_time, 'duration': duration,
        'billsec': billsec, 'disposition': disposition, 'context': dcontext,
        -- what was dialled is an extension, a service, or somebody's number
        'dialled': redacted(dst), 'is_long_number': regexp_full_match(dst, '[+]?[0-9]{7,}'),
        'channel': channel, 'dstchannel': dstchannel, 'application': lastapp, 'caller': coalesce(src, clid)
    })::varchar as fields,
    'cdr' || chr(31) || source_key as source_key,
    load_id,
    line_no,
    exported_at,
    time_q,
    row_hash
from typed_row
