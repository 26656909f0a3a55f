-- one row per contact in its newest version; transfers share the master contact
with versions as (
    select
        touched_record.* exclude (fields),
        unnest(from_json(fields, '{
            "contact_id": "VARCHAR", "contact_start": "TIMESTAMP", "pre_queue": "BIGINT", "in_queue": "BIGINT",
            "agent": "BIGINT", "hold": "BIGINT", "hold_count": "INTEGER", "conference": "BIGINT", "acw": "BIGINT",
            "total": "BIGINT", "abandoned": "BOOLEAN", "is_short_abandon": "BOOLEAN", "is_refused": "BOOLEAN",
            "is_outbound": "BOOLEAN", "met_service_level": "BOOLEAN", "agent_id": "VARCHAR", "skill_name": "VARCHAR",
            "skill_id": "VARCHAR", "media_type": "VARCHAR", "from_addr": "VARCHAR", "disposition": "VARCHAR",
            "transfer": "VARCHAR", "last_update": "TIMESTAMP", "acw_warehoused": "TIMESTAMP", "case_number": "VARCHAR"
        }'))
    from touched_record
),
contacts as (
    select *
    from versions
    qualify row_number() over (partition by contact_id order by last_update desc nulls last, record_id) = 1
),
judged as (
    select
        *,
        not abandoned and not coalesce(is_refused, false) and agent > 0 and agent_id is not null as is_answered,
        contact_start + to_milliseconds(coalesce(pre_queue, 0)) as queued_at,
        coalesce(hold, 0) as held,
        agent - coalesce(hold, 0) - coalesce(conference, 0) as talked
    from contacts
)
select
    group_key,
    case
        when lower(media_type) like '%chat%' then 'chat'
        when lower(media_type) like '%mail%' and lower(media_type) not like '%voice%' then 'email'
        else 'voice'
    end as channel,
    case when is_outbound then 'outbound' else 'inbound' end as direction,
    case when is_outbound then 'agent' else 'customer' end as initiation,
    contact_start as entered_at,
    contact_start + to_milliseconds(coalesce(total, coalesce(pre_queue, 0) + in_queue + agent)) as ended_at,
    from_addr as caller_key,
    pre_queue as ivr_ms,
    case when is_answered then 'answered' when abandoned then 'abandoned' else 'unknown' end as outcome,
    case when abandoned then 'abandoned' else 'completed' end as outcome_code,
    case_number,
    contact_id as leg_key,
    case when is_outbound then 'outbound' when is_refused then 'direct' else 'queue' end as leg_type,
    coalesce(skill_name, skill_id) as queue_id,
    case when is_answered then agent_id end as agent_id,
    queued_at as queue_enter_at,
    case when is_answered then queued_at + to_milliseconds(in_queue) end as answered_at,
    queued_at + to_milliseconds(in_queue + case when is_answered then agent else 0 end) as released_at,
    case
        when is_answered and acw_warehoused is not null
        then queued_at + to_milliseconds(in_queue + agent + coalesce(acw, 0))
    end as acw_end_at,
    in_queue as wait_ms,
    case when is_answered then talked end as talk_ms,
    case when is_answered then held end as hold_ms,
    case when is_answered then hold_count end as hold_count,
    -- the work after a contact arrives later than the contact: until then it is unknown, not none
    case when is_answered and acw_warehoused is not null then coalesce(acw, 0) end as acw_ms,
    total as total_ms,
    case
        when is_answered and lower(transfer) like '%cold%' then 'blind_transfer'
        when is_answered and lower(transfer) like '%warm%' then 'warm_transfer'
        when is_answered and lower(transfer) like '%conf%' then 'conference'
        when is_answered then null
        when is_refused then 'rna'
        when abandoned then 'abandon'
        else 'system'
    end as end_reason,
    transfer as end_code,
    case when is_answered and (lower(transfer) like '%cold%' or lower(transfer) like '%warm%') then 'department' end
        as transfer_class,
    met_service_level as met_sl_vendor,
    disposition as wrap_code,
    load_id, line_no, exported_at, time_q, row_hash
from judged
