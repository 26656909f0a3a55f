-- one row per spell in a state
select
    key_id($source, source_key) as state_id,
    agent_id,
    'routing' as track,
    state,
    state as state_code,
    reason as reason_code,
    start_time as start_at,
    end_time as end_at,
    epoch_ms(end_time) - epoch_ms(start_time) as dur_ms,
    'event' as end_by,
    source_key, load_id, line_no, exported_at, time_q, row_hash
from typed_row
