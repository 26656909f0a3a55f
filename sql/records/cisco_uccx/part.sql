-- one row per visit to a queue, per connection to an agent outside a queue, and per leg that reached neither
with calls as (
    select
        touched_record.* exclude (fields),
        unnest(from_json(fields, '{
            "session_seq": "VARCHAR", "contact_type": "VARCHAR", "contact_disposition": "BIGINT",
            "start_time": "TIMESTAMP", "end_time": "TIMESTAMP", "originator_dn": "VARCHAR", "called_number": "VARCHAR",
            "orig_called_number": "VARCHAR", "transfer": "BOOLEAN", "conference": "BOOLEAN", "case_number": "VARCHAR"
        }'))
    from touched_record
    where kind = 'call'
),
connections as (
    select
        touched_record.* exclude (fields),
        unnest(from_json(fields, '{
            "session_seq": "VARCHAR", "resource_id": "VARCHAR", "q_index": "VARCHAR", "start_time": "TIMESTAMP",
            "ring_time": "BIGINT", "talk_time": "BIGINT", "hold_time": "BIGINT", "work_time": "BIGINT",
            "wrapup": "VARCHAR", "rna": "BOOLEAN"
        }'))
    from touched_record
    where kind = 'connection'
),
-- a ring that nobody took stands here too, without talk
talks as (
    select * from connections where not coalesce(rna, false) and talk_time > 0
),
visits as (
    select
        touched_record.* exclude (fields),
        unnest(from_json(fields, '{
            "session_seq": "VARCHAR", "target_type": "VARCHAR", "target_id": "VARCHAR", "q_index": "VARCHAR",
            "disposition": "VARCHAR", "queue_time": "BIGINT", "start_time": "TIMESTAMP", "end_time": "TIMESTAMP",
            "met_service_level": "BOOLEAN"
        }'))
    from touched_record
    where kind = 'queue'
),
-- a call may wait for several queues at once: the connection is of the one that handled it
handled as (
    select visits.record_id as visit_id, talks.record_id as talk_id
    from visits
    join talks
        on talks.group_key = visits.group_key
        and talks.session_seq = visits.session_seq
        and talks.q_index is not distinct from visits.q_index
    where visits.disposition = '2'
    qualify row_number() over (partition by visits.record_id order by talks.start_time, talks.record_id) = 1
        and row_number() over (partition by talks.record_id order by visits.start_time, visits.record_id) = 1
),
legs as (
    select
        visits.group_key,
        visits.session_seq,
        visits.source_key as leg_key,
        'queue' as leg_type,
        case visits.target_type when 'queue' then visits.target_id end as queue_id,
        visits.start_time as queue_enter_at,
        visits.end_time as left_at,
        visits.queue_time as wait_ms,
        visits.met_service_level,
        visits.disposition,
        talks.* exclude (group_key, session_seq, load_id, line_no, exported_at, time_q, row_hash, source_key),
        visits.load_id, visits.line_no, visits.exported_at, visits.time_q,
        xor(visits.row_hash, coalesce(talks.row_hash, 0)) as row_hash
    from visits
    left join handled on handled.visit_id = visits.record_id
    left join talks on talks.record_id = handled.talk_id
    union all by name
    select
        group_key,
        session_seq,
        source_key as leg_key,
        'direct' as leg_type,
        start_time as queue_enter_at,
        ring_time as wait_ms,
        talks.* exclude (group_key, session_seq, source_key)
    from talks
    where record_id not in (select talk_id from handled)
),
placed as (
    select
        legs.*,
        start_time + to_milliseconds(ring_time) as answered_at,
        start_time + to_milliseconds(ring_time + talk_time + hold_time) as released_at,
        start_time + to_milliseconds(ring_time + talk_time + hold_time + work_time) as acw_end_at,
        calls.contact_type,
        calls.transfer,
        calls.conference
    from legs
    left join (
        select group_key, session_seq, any_value(contact_type) as contact_type, bool_or(transfer) as transfer,
            bool_or(conference) as conference
        from calls
        group by group_key, session_seq
    ) as calls using (group_key, session_seq)
)
select
    group_key,
    leg_key,
    case
        when leg_type = 'queue' then 'queue'
        when contact_type in ('2', '6', '7', '8', '9') then 'outbound'
        when contact_type = '3' then 'internal'
        else 'direct'
    end as leg_type,
    queue_id,
    resource_id as agent_id,
    queue_enter_at,
    answered_at,
    coalesce(released_at, left_at, queue_enter_at + to_milliseconds(wait_ms)) as released_at,
    acw_end_at,
    wait_ms,
    ring_time as ring_ms,
    talk_time as talk_ms,
    hold_time as hold_ms,
    work_time as acw_ms,
    case
        when answered_at is not null and transfer then 'blind_transfer'
        when answered_at is not null and conference then 'conference'
        when answered_at is not null then null
        when disposition = '1' then 'abandon'
        when disposition = '4' then 'flow_out'
        when disposition in ('3', '5') then 'dequeued'
        when disposition = '2' then 'pending'
    end as end_reason,
    case disposition when '4' then 'script' when '3' then 'dequeued' when '5' then 'another_queue' end as flow_out_kind,
    disposition as end_code,
    case when answered_at is not null and transfer then 'department' end as transfer_class,
    met_service_level as met_sl_vendor,
    wrapup as wrap_code,
    case
        when answered_at is not null then 'answered'
        when disposition = '1' then 'abandoned'
        else 'unknown'
    end as outcome,
    disposition as outcome_code,
    'voice' as channel,
    load_id, line_no, exported_at, time_q, row_hash
from placed
union all by name
select
    group_key,
    'voice' as channel,
    case when contact_type in ('1', '4', '5') then 'inbound' when contact_type = '3' then 'internal' else 'outbound' end
        as direction,
    case contact_type when '1' then 'customer' when '5' then 'transfer_in' when '4' then 'transfer_in' else 'agent' end
        as initiation,
    start_time as entered_at,
    end_time as ended_at,
    originator_dn as caller_key,
    coalesce(orig_called_number, called_number) as dnis,
    case
        -- "handled" is said of a script too
        when contact_disposition = 2 and group_key in (select group_key from talks) then 'answered'
        when contact_disposition = 2 then 'self_served'
        when contact_disposition = 1 then 'abandoned'
        when contact_disposition between 5 and 22 then 'forced_off'
        else 'unknown'
    end as outcome,
    contact_disposition::varchar as outcome_code,
    case_number,
    case
        when (group_key, session_seq) not in (select (group_key, session_seq) from legs) then source_key
    end as leg_key,
    'ivr' as leg_type,
    start_time as queue_enter_at,
    end_time as released_at,
    case when contact_disposition = 1 then 'abandon' end as end_reason,
    contact_disposition::varchar as end_code,
    load_id, line_no, exported_at, time_q, row_hash
from calls
