-- one row per line that reached the queue or an agent
with dated as (
    select
        *,
        utc_of(date + to_milliseconds(vru_entry)) as entered_at,
        -- a call that never queued shows 0:00:00 and goes to its agent when the menu ends
        case when q_start > 0 then q_start else vru_exit end as queue_clock
    from typed_row
    where outcome = 'AGENT' or q_time > 0
),
timed as (
    select
        *,
        entered_at + to_milliseconds(((queue_clock - vru_entry) % 86400000 + 86400000) % 86400000) as queue_enter_at
    from dated
)
select
    key_id($source, source_key) as leg_id,
    key_id($source, source_key) as contact_id,
    1 as seq,
    1 as visit_no,
    'queue' as leg_type,
    trim(type) as queue_id,
    case when outcome = 'AGENT' then server end as agent_id,
    queue_enter_at,
    case when outcome = 'AGENT' then queue_enter_at + to_milliseconds(q_time) end as answered_at,
    queue_enter_at + to_milliseconds(q_time + case when outcome = 'AGENT' then ser_time else 0 end) as released_at,
    null::timestamp as acw_end_at,
    q_time as wait_ms,
    case when outcome = 'AGENT' then ser_time end as talk_ms,
    case outcome when 'AGENT' then 'caller' when 'HANG' then 'abandon' else 'system' end as end_reason,
    outcome as end_code,
    source_key, load_id, line_no, exported_at, time_q, row_hash
from timed
