-- one row per line of the log
with dated as (
    select *, utc_of("day" + to_milliseconds(clock)) as entered_at from typed_row
)
select
    key_id($source, source_key) as contact_id,
    call_id as chain_key,
    'voice' as channel,
    'inbound' as direction,
    'customer' as initiation,
    entered_at,
    entered_at + to_milliseconds(coalesce(speed_of_answer, 0) + coalesce(talk_time, 0)) as ended_at,
    topic as first_queue_id,
    topic as request_type,
    case when answered then 'answered' else 'abandoned' end as outcome,
    case when answered then 'Y' else 'N' end as outcome_code,
    false as is_test,
    source_key, load_id, line_no, exported_at, 'zone_set' as time_q, row_hash
from dated
