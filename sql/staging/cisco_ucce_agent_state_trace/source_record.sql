-- one row per event of an agent
select
    key_id($source, 'state' || chr(31) || source_key) as record_id,
    'state' as kind,
    'agent' as about,
    agent_id as group_key,
    -- the row says itself how many minutes its clock is behind UTC
    happened_local + to_minutes(timezone_minutes) as happened_at,
    to_json(typed_row)::varchar as fields,
    'state' || chr(31) || source_key as source_key,
    load_id,
    line_no,
    exported_at,
    time_q,
    row_hash
from typed_row
