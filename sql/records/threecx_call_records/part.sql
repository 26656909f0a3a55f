-- one row per part of a call: a transfer makes another one under the same call id
with parts as (
    select
        touched_record.* exclude (fields),
        unnest(from_json(fields, '{
            "time_start": "TIMESTAMP", "time_answered": "TIMESTAMP", "time_end": "TIMESTAMP",
            "reason_terminated": "VARCHAR", "reason_changed": "VARCHAR", "from_no": "VARCHAR", "from_dn": "VARCHAR",
            "to_dn": "VARCHAR", "final_dn": "VARCHAR", "from_type": "VARCHAR", "to_type": "VARCHAR", "chain": "VARCHAR"
        }'))
    from touched_record
),
judged as (
    select
        *,
        time_answered is not null as is_answered,
        -- the number of who calls is kept as a hash only where it is long enough to be a telephone's
        case
            when from_type ilike '%line%' or from_type ilike '%external%' or from_no is not null then 'inbound'
            when to_type ilike '%line%' or to_type ilike '%external%' then 'outbound'
            else 'internal'
        end as direction,
        to_type ilike '%queue%' as is_queue
    from parts
)
select
    group_key,
    'voice' as channel,
    direction,
    case direction when 'inbound' then 'customer' else 'agent' end as initiation,
    time_start as entered_at,
    time_end as ended_at,
    from_no as caller_key,
    case when is_answered then 'answered' when direction = 'inbound' then 'abandoned' else 'unknown' end as outcome,
    reason_terminated as outcome_code,
    case
        when reason_terminated ilike '%src%' or reason_terminated ilike '%caller%' then 'caller'
        when reason_terminated ilike '%dst%' then 'agent'
    end as disconnect_by,
    source_key as leg_key,
    case when is_queue then 'queue' when direction = 'inbound' then 'direct' else direction end as leg_type,
    case when is_queue then to_dn end as queue_id,
    case
        when is_answered then case direction when 'inbound' then coalesce(final_dn, to_dn) else from_dn end
    end as agent_id,
    time_start as queue_enter_at,
    time_answered as answered_at,
    time_end as released_at,
    epoch_ms(coalesce(time_answered, time_end)) - epoch_ms(time_start) as wait_ms,
    epoch_ms(time_answered) - epoch_ms(time_start) as ring_ms,
    epoch_ms(time_end) - epoch_ms(time_answered) as talk_ms,
    case
        when is_answered and reason_changed ilike '%replaced%' then 'blind_transfer'
        when not is_answered and direction = 'inbound' then 'abandon'
        when not is_answered then 'system'
        when reason_terminated ilike '%src%' then 'caller'
        when reason_terminated ilike '%dst%' then 'agent'
    end as end_reason,
    coalesce(reason_changed, reason_terminated) as end_code,
    case when is_answered and reason_changed ilike '%replaced%' then 'department' end as transfer_class,
    case when is_answered then '{"talk_includes_hold": true}' end as extra,
    load_id, line_no, exported_at, time_q, row_hash
from judged
