-- one row per line of the report
with dated as (
    select
        *,
        utc_of(start_date + to_milliseconds(start_time)) as started_at,
        regexp_matches(lower(skill_name || ' ' || coalesce(campaign_name, '')), 'outbound') as is_outbound
    from typed_row
)
select
    key_id($source, source_key) as contact_id,
    contact_id as chain_key,
    'voice' as channel,
    case when is_outbound then 'outbound' else 'inbound' end as direction,
    case when is_outbound then 'agent' else 'customer' end as initiation,
    started_at as entered_at,
    started_at + to_milliseconds(total_time) as ended_at,
    skill_name as first_queue_id,
    client_phone as caller_key,
    pre_queue as ivr_ms,
    case when abandon then 'abandoned' when agent_time > 0 then 'answered' else 'unknown' end as outcome,
    case when abandon then 'Y' else 'N' end as outcome_code,
    false as is_test,
    source_key, load_id, line_no, exported_at, 'zone_set' as time_q, row_hash
from dated
