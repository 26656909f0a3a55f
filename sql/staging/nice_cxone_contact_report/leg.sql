-- one row per line of the report; an abandoned one names an agent too, though nobody spoke
with dated as (
    select
        *,
        utc_of(start_date + to_milliseconds(start_time)) as started_at,
        regexp_matches(lower(skill_name || ' ' || coalesce(campaign_name, '')), 'outbound') as is_outbound,
        not abandon and agent_time > 0 as is_answered
    from typed_row
)
select
    key_id($source, source_key) as leg_id,
    key_id($source, source_key) as contact_id,
    1 as seq,
    case when not is_outbound then 1 end as visit_no,
    case when is_outbound then 'outbound' else 'queue' end as leg_type,
    skill_name as queue_id,
    case when is_answered then agent_no end as agent_id,
    started_at + to_milliseconds(pre_queue) as queue_enter_at,
    case when is_answered then started_at + to_milliseconds(pre_queue + in_queue) end as answered_at,
    started_at + to_milliseconds(total_time) as released_at,
    null::timestamp as acw_end_at,
    in_queue as wait_ms,
    case when is_answered then agent_time end as talk_ms,
    total_time as total_ms,
    case when abandon then 'abandon' when not is_answered then 'system' end as end_reason,
    case when abandon then 'Y' else 'N' end as end_code,
    source_key, load_id, line_no, exported_at, 'zone_set' as time_q, row_hash,
    case when is_answered then '{"talk_includes_hold": true}' end as extra
from dated
