-- one row per visit to an in-group, with the turn of the agent who took it
with visits as (
    select
        touched_record.* exclude (fields),
        unnest(from_json(fields, '{
            "queue": "VARCHAR", "started_at": "TIMESTAMP", "ended_at": "TIMESTAMP", "length": "BIGINT",
            "status": "VARCHAR", "phone_number": "VARCHAR", "user": "VARCHAR", "queue_seconds": "BIGINT",
            "term_reason": "VARCHAR"
        }'))
    from touched_record
    where kind = 'closer'
),
turns as (
    select
        touched_record.* exclude (fields),
        unnest(from_json(fields, '{
            "user": "VARCHAR", "talk_epoch": "TIMESTAMP", "talk_sec": "BIGINT", "dispo_sec": "BIGINT",
            "dead_sec": "BIGINT", "status": "VARCHAR"
        }'))
    from touched_record
    where kind = 'turn'
),
matched as (
    select visits.record_id as visit_id, turns.record_id as turn_id
    from visits
    join turns on turns.group_key = visits.group_key and turns."user" = visits."user"
    qualify row_number() over (
        partition by visits.record_id order by abs(epoch(turns.talk_epoch) - epoch(visits.started_at)), turns.record_id
    ) = 1
        and row_number() over (
            partition by turns.record_id order by abs(epoch(turns.talk_epoch) - epoch(visits.started_at)), visits.record_id
        ) = 1
),
legs as (
    select
        visits.*,
        turns.talk_sec,
        turns.dispo_sec,
        coalesce(turns.dead_sec, 0) as dead_sec,
        turns.record_id is not null as has_turn,
        xor(visits.row_hash, coalesce(turns.row_hash, 0)) as both_hash,
        -- the system's own users stand where no person took the call
        visits."user" not in ('VDCL', 'VDAD', 'VDIC') and visits.term_reason in ('CALLER', 'AGENT', 'NONE') as is_answered
    from visits
    left join matched on matched.visit_id = visits.record_id
    left join turns on turns.record_id = matched.turn_id
),
timed as (
    select
        *,
        started_at + to_milliseconds(queue_seconds) as left_queue_at,
        -- the length of the call includes the queue
        coalesce(ended_at, started_at + to_milliseconds(length)) as over_at,
        case when is_answered then coalesce(talk_sec - dead_sec, length - queue_seconds) end as talk_ms
    from legs
)
select
    group_key,
    'voice' as channel,
    'inbound' as direction,
    'customer' as initiation,
    started_at as entered_at,
    over_at as ended_at,
    phone_number as caller_key,
    case
        when is_answered then 'answered'
        when term_reason = 'ABANDON' then 'abandoned'
        when term_reason in ('AFTERHOURS', 'NOAGENT', 'QUEUETIMEOUT', 'HOLDTIME') then 'forced_off'
        else 'unknown'
    end as outcome,
    term_reason as outcome_code,
    case term_reason when 'CALLER' then 'caller' when 'AGENT' then 'agent' when 'ABANDON' then 'caller' else 'system' end
        as disconnect_by,
    source_key as leg_key,
    'queue' as leg_type,
    queue as queue_id,
    case when is_answered then "user" end as agent_id,
    started_at as queue_enter_at,
    case when is_answered then left_queue_at end as answered_at,
    case when is_answered then left_queue_at + to_milliseconds(talk_ms) else over_at end as released_at,
    case when is_answered and has_turn then left_queue_at + to_milliseconds(talk_ms + dead_sec + dispo_sec) end as acw_end_at,
    queue_seconds as wait_ms,
    talk_ms,
    case when is_answered and has_turn then dispo_sec end as acw_ms,
    length as total_ms,
    case
        when is_answered and term_reason = 'CALLER' then 'caller'
        when is_answered and term_reason = 'AGENT' then 'agent'
        when is_answered then null
        when term_reason = 'ABANDON' then 'abandon'
        else 'flow_out'
    end as end_reason,
    case term_reason
        when 'AFTERHOURS' then 'closing_time' when 'NOAGENT' then 'nobody_there'
        when 'QUEUETIMEOUT' then 'left_the_queue' when 'HOLDTIME' then 'left_the_queue'
    end as flow_out_kind,
    term_reason as end_code,
    status as wrap_code,
    case when is_answered then '{"talk_includes_hold": true}' end as extra,
    load_id, line_no, exported_at, 'exact' as time_q, both_hash as row_hash
from timed
