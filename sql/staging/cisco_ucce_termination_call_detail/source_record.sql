-- one row per leg of a call
select
    key_id($source, 'leg' || chr(31) || source_key) as record_id,
    'leg' as kind,
    'contact' as about,
    case when router_call_key = '0' then concat_ws('/', peripheral_id, coalesce(icr_call_key_parent, icr_call_key)) else concat_ws('/', router_call_key_day, router_call_key) end as group_key,
    ended_local + to_minutes(timezone_minutes) as happened_at,
    to_json(typed_row)::varchar as fields,
    'leg' || chr(31) || source_key as source_key,
    load_id,
    line_no,
    exported_at,
    time_q,
    row_hash
from typed_row
