-- one row per planned activity
select
    key_id($source, source_key) as schedule_id,
    agent_id,
    agent_id || ' ' || shift_date as shift_key,
    shift_date,
    activity as activity_code,
    activity,
    start_time as start_at,
    end_time as end_at,
    epoch_ms(end_time) - epoch_ms(start_time) as dur_ms,
    activity not in ('meal', 'time_off') as is_paid,
    activity <> 'time_off' as counts_for_adherence,
    source_key, load_id, line_no, exported_at, time_q, row_hash
from typed_row
