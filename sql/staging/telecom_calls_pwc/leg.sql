-- one row per line of the log; a call that nobody answered has no wait, which is not a wait of 0
with dated as (
    select *, utc_of("day" + to_milliseconds(clock)) as entered_at from typed_row
)
select
    key_id($source, source_key) as leg_id,
    key_id($source, source_key) as contact_id,
    1 as seq,
    1 as visit_no,
    'queue' as leg_type,
    topic as queue_id,
    case when answered then agent end as agent_id,
    entered_at as queue_enter_at,
    case when answered then entered_at + to_milliseconds(speed_of_answer) end as answered_at,
    entered_at + to_milliseconds(coalesce(speed_of_answer, 0) + coalesce(talk_time, 0)) as released_at,
    null::timestamp as acw_end_at,
    speed_of_answer as wait_ms,
    case when answered then talk_time end as talk_ms,
    case when not answered then 'abandon' end as end_reason,
    case when answered then 'Y' else 'N' end as end_code,
    source_key, load_id, line_no, exported_at, 'zone_set' as time_q, row_hash
from dated
