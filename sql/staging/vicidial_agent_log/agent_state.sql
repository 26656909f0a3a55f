-- one row per spell of a turn: pause, wait, talk and disposition follow each other
with spells as (
    select *, unnest([
        {'state': 'not_ready', 'part': 'pause', 'starts_at': pause_epoch, 'length_ms': pause_sec},
        {'state': 'available', 'part': 'wait', 'starts_at': wait_epoch, 'length_ms': wait_sec},
        {'state': 'handling', 'part': 'talk', 'starts_at': talk_epoch, 'length_ms': talk_sec},
        {'state': 'acw', 'part': 'dispo', 'starts_at': dispo_epoch, 'length_ms': dispo_sec}
    ], recursive := true)
    from typed_row
)
select
    key_id($source, source_key || chr(31) || part) as state_id,
    "user" as agent_id,
    'routing' as track,
    state,
    part as state_code,
    case part when 'pause' then sub_status end as reason_code,
    case when part = 'talk' and uniqueid is not null then key_id($source, uniqueid) end as contact_id,
    starts_at as start_at,
    starts_at + to_milliseconds(length_ms) as end_at,
    length_ms as dur_ms,
    'event' as end_by,
    source_key || chr(31) || part as source_key,
    load_id,
    line_no,
    exported_at,
    'exact' as time_q,
    row_hash
from spells
where length_ms > 0 and starts_at is not null
