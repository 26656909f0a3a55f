-- one row per line of the log; an abandoned call names an employee and a duration too, and credits neither
select
    key_id($source, source_key) as leg_id,
    key_id($source, source_key) as contact_id,
    1 as seq,
    1 as visit_no,
    'queue' as leg_type,
    call_type as queue_id,
    case when not abandoned then employee end as agent_id,
    called_at as queue_enter_at,
    case when not abandoned then called_at + to_milliseconds(wait) end as answered_at,
    called_at + to_milliseconds(wait + case when abandoned then 0 else duration end) as released_at,
    null::timestamp as acw_end_at,
    wait as wait_ms,
    case when not abandoned then duration end as talk_ms,
    duration as total_ms,
    case when abandoned then 'abandon' end as end_reason,
    case when abandoned then '1' else '0' end as end_code,
    source_key, load_id, line_no, exported_at, time_q, row_hash
from typed_row
