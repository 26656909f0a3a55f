-- one row per agent, as the last spell of the roster describes the person
select
    agent_id,
    arg_max(name, valid_from) as display_name,
    arg_max(languages, valid_from) as languages,
    min(hired_on) as hired_on,
    case when bool_and(valid_to is not null) then max(valid_to) end as left_on,
    true as is_person,
    agent_id as source_key,
    max(load_id) as load_id,
    arg_max(line_no, valid_from) as line_no,
    exported_at,
    'date_only' as time_q,
    bit_xor(row_hash) as row_hash
from typed_row
group by agent_id, exported_at
