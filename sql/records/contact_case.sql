-- one row per contact and case number that the phone system carried with the call
select
    key_id($source, group_key) as contact_id,
    case_number,
    'attribute' as method,
    1.0 as confidence,
    min(coalesce(entered_at, queue_enter_at, answered_at)) as decided_at,
    $source as source_id,
    group_key as source_key,
    arg_min(load_id, row_hash) as load_id,
    arg_min(line_no, row_hash) as line_no,
    max(exported_at) as exported_at,
    arg_min(time_q, row_hash) as time_q,
    bit_xor(row_hash) as row_hash
from contact_part
where case_number is not null
group by group_key, case_number
