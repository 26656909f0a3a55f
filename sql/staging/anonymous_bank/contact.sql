-- one row per line of the log
with dated as (
    select *, utc_of(date + to_milliseconds(vru_entry)) as entered_at
    from typed_row
)
select
    key_id($source, source_key) as contact_id,
    source_key as chain_key,
    'voice' as channel,
    'inbound' as direction,
    'customer' as initiation,
    entered_at,
    -- clock times that run backwards passed midnight
    entered_at + to_milliseconds(
        ((greatest(vru_exit, q_exit, ser_exit) - vru_entry) % 86400000 + 86400000) % 86400000
    ) as ended_at,
    trim(type) as first_queue_id,
    case trim(type) when 'PE' then 'en' else 'he' end as language,
    trim(type) as request_type,
    greatest(vru_time, 0) * 1000 as ivr_ms,
    case outcome
        when 'AGENT' then 'answered'
        when 'HANG' then case when q_time > 0 then 'abandoned' else 'self_served' end
        else 'unknown'
    end as outcome,
    outcome as outcome_code,
    -- the owners of the log say that PHANTOM lines are to be ignored: kept, and out of all figures
    outcome = 'PHANTOM' as is_test,
    source_key, load_id, line_no, exported_at, time_q, row_hash
from dated
