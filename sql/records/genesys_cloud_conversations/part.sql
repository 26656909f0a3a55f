-- one row per visit to a queue (a session of the ACD with the agent's session that ended it), per session of an agent
-- outside a queue, and per conversation
with sessions as (
    select
        touched_record.* exclude (fields),
        unnest(from_json(fields, '{
            "conversation_start": "TIMESTAMP", "conversation_end": "TIMESTAMP", "originating_direction": "VARCHAR",
            "purpose": "VARCHAR", "user_id": "VARCHAR", "session_id": "VARCHAR", "media_type": "VARCHAR",
            "direction": "VARCHAR", "ani": "VARCHAR", "dnis": "VARCHAR", "case_number": "VARCHAR",
            "segments": [{
                "segmentType": "VARCHAR", "segmentStart": "TIMESTAMP", "segmentEnd": "TIMESTAMP", "queueId": "VARCHAR",
                "wrapUpCode": "VARCHAR", "disconnectType": "VARCHAR", "conference": "BOOLEAN"
            }],
            "metrics": [{"name": "VARCHAR", "value": "BIGINT"}]
        }'))
    from touched_record
),
measured as (
    select
        * exclude (segments, metrics),
        list_min(list_transform(segments, lambda s: s.segmentStart)) as began_at,
        list_max(list_transform(segments, lambda s: s.segmentEnd)) as ended_at,
        list_filter(segments, lambda s: s.queueId is not null)[1].queueId as queue_id,
        list_filter(segments, lambda s: s.wrapUpCode is not null)[-1].wrapUpCode as wrap_code,
        list_filter(segments, lambda s: s.disconnectType is not null)[-1].disconnectType as disconnect_type,
        list_min(list_transform(list_filter(segments, lambda s: s.segmentType = 'interact'), lambda s: s.segmentStart))
            as answered_at,
        list_max(list_transform(
            list_filter(segments, lambda s: s.segmentType in ('interact', 'hold')), lambda s: s.segmentEnd
        )) as released_at,
        list_max(list_transform(list_filter(segments, lambda s: s.segmentType = 'wrapup'), lambda s: s.segmentEnd))
            as wrapped_at,
        len(list_filter(segments, lambda s: s.segmentType = 'hold')) as holds,
        list_max(list_transform(
            list_filter(segments, lambda s: s.segmentType = 'hold'),
            lambda s: epoch_ms(s.segmentEnd) - epoch_ms(s.segmentStart)
        )) as longest_hold_ms,
        len(list_filter(segments, lambda s: coalesce(s.conference, false))) > 0 as is_conference,
        -- a metric may stand several times in a session, as one hold after the other
        list_sum(list_transform(list_filter(metrics, lambda m: m.name = 'tAcd'), lambda m: m.value)) as acd_ms,
        list_sum(list_transform(list_filter(metrics, lambda m: m.name = 'tAnswered'), lambda m: m.value)) as answered_ms,
        list_sum(list_transform(list_filter(metrics, lambda m: m.name = 'tAbandon'), lambda m: m.value)) as abandon_ms,
        list_sum(list_transform(list_filter(metrics, lambda m: m.name = 'tAlert'), lambda m: m.value)) as alert_ms,
        list_sum(list_transform(list_filter(metrics, lambda m: m.name = 'tTalkComplete'), lambda m: m.value)) as talk_ms,
        list_sum(list_transform(list_filter(metrics, lambda m: m.name = 'tHeldComplete'), lambda m: m.value)) as held_ms,
        list_sum(list_transform(list_filter(metrics, lambda m: m.name = 'tAcw'), lambda m: m.value)) as acw_ms,
        list_sum(list_transform(list_filter(metrics, lambda m: m.name = 'tFlowOut'), lambda m: m.value)) as flow_out_ms,
        list_sum(list_transform(list_filter(metrics, lambda m: m.name = 'tVoicemail'), lambda m: m.value)) as voicemail_ms,
        list_sum(list_transform(list_filter(metrics, lambda m: m.name = 'tIvr'), lambda m: m.value)) as ivr_ms,
        list_sum(list_transform(list_filter(metrics, lambda m: m.name = 'nConsult'), lambda m: m.value)) as consults
    from sessions
),
visits as (
    select * from measured where purpose = 'acd'
),
talks as (
    select * from measured where purpose in ('agent', 'user') and answered_at is not null
),
-- an agent's session is of the last visit to its queue that began before it
handled as (
    select visits.source_key as visit_key, talks.source_key as talk_key
    from talks
    join visits
        on visits.group_key = talks.group_key
        and visits.queue_id is not distinct from talks.queue_id
        and visits.media_type is not distinct from talks.media_type
        and visits.began_at <= talks.answered_at
    where talks.queue_id is not null
    qualify row_number() over (partition by talks.source_key order by visits.began_at desc, visits.source_key) = 1
        and row_number() over (partition by visits.source_key order by talks.answered_at, talks.source_key) = 1
),
legs as (
    select
        visits.group_key,
        visits.source_key as leg_key,
        'queue' as leg_type,
        visits.queue_id,
        visits.media_type,
        visits.originating_direction,
        visits.began_at as queue_enter_at,
        visits.ended_at as left_at,
        coalesce(
            visits.answered_ms, talks.answered_ms, visits.abandon_ms, visits.acd_ms,
            epoch_ms(coalesce(talks.answered_at, visits.ended_at)) - epoch_ms(visits.began_at)
        ) as wait_ms,
        visits.abandon_ms,
        visits.flow_out_ms,
        visits.disconnect_type as visit_disconnect,
        talks.* exclude (
            group_key, source_key, queue_id, media_type, originating_direction, abandon_ms, flow_out_ms, ended_at,
            load_id, line_no, exported_at, time_q, row_hash
        ),
        visits.load_id, visits.line_no, visits.exported_at, visits.time_q,
        xor(visits.row_hash, coalesce(talks.row_hash, 0)) as row_hash
    from visits
    left join handled on handled.visit_key = visits.source_key
    left join talks on talks.source_key = handled.talk_key
    union all by name
    select
        source_key as leg_key,
        case
            when coalesce(direction, originating_direction) = 'outbound' then 'outbound'
            when originating_direction = 'internal' then 'internal'
            when coalesce(consults, 0) > 0 then 'consult'
            else 'direct'
        end as leg_type,
        began_at as queue_enter_at,
        alert_ms as wait_ms,
        talks.* exclude (source_key, abandon_ms, flow_out_ms)
    from talks
    where source_key not in (select talk_key from handled)
)
select
    group_key,
    case media_type when 'callback' then 'voice' when 'unknown' then 'voice' else media_type end as channel,
    coalesce(originating_direction, 'inbound') as direction,
    case originating_direction when 'outbound' then 'agent' when 'internal' then 'agent' else 'customer' end as initiation,
    conversation_start as entered_at,
    conversation_end as ended_at,
    case when answered_at is not null then 'answered' when abandon_ms is not null then 'abandoned' end as outcome,
    coalesce(disconnect_type, visit_disconnect) as outcome_code,
    leg_key,
    leg_type,
    queue_id,
    user_id as agent_id,
    queue_enter_at,
    answered_at,
    coalesce(released_at, left_at) as released_at,
    coalesce(wrapped_at, case when answered_at is not null then released_at end) as acw_end_at,
    wait_ms,
    alert_ms as ring_ms,
    case
        when answered_at is not null
        then coalesce(talk_ms, epoch_ms(released_at) - epoch_ms(answered_at) - coalesce(held_ms, 0))
    end as talk_ms,
    case when answered_at is not null then coalesce(held_ms, 0) end as hold_ms,
    case when answered_at is not null then holds end as hold_count,
    longest_hold_ms,
    -- no wrap-up means none was taken; a conversation that goes on has not reported it yet
    case when answered_at is not null then coalesce(acw_ms, case when conversation_end is not null then 0 end) end as acw_ms,
    case
        when answered_at is not null and disconnect_type in ('consultTransfer') then 'warm_transfer'
        when answered_at is not null and disconnect_type in ('transfer', 'forwardTransfer', 'noAnswerTransfer')
            then 'blind_transfer'
        when answered_at is not null and (disconnect_type = 'conferenceTransfer' or is_conference) then 'conference'
        when answered_at is not null and disconnect_type in ('client', 'endpoint') then 'agent'
        when answered_at is not null and disconnect_type = 'peer' then 'caller'
        when answered_at is not null then 'system'
        when abandon_ms is not null then 'abandon'
        when flow_out_ms is not null then 'flow_out'
        when left_at is not null then 'system'
    end as end_reason,
    coalesce(disconnect_type, visit_disconnect) as end_code,
    case when disconnect_type in ('transfer', 'consultTransfer', 'forwardTransfer') then 'department' end as transfer_class,
    wrap_code,
    to_json({'agent_session': session_id})::varchar as extra,
    load_id, line_no, exported_at, time_q, row_hash
from legs
union all by name
-- the conversation itself, from all that took part in it
select
    group_key,
    any_value(case media_type when 'callback' then 'voice' when 'unknown' then 'voice' else media_type end) as channel,
    coalesce(any_value(originating_direction), 'inbound') as direction,
    min(conversation_start) as entered_at,
    max(conversation_end) as ended_at,
    any_value(ani) filter (where purpose in ('customer', 'external')) as caller_key,
    any_value(dnis) filter (where purpose in ('customer', 'external')) as dnis,
    sum(ivr_ms)::bigint as ivr_ms,
    case
        when bool_or(conversation_end is null) then 'pending'
        when sum(voicemail_ms) > 0 then 'voicemail'
        when bool_or(purpose in ('ivr', 'botflow', 'workflow')) and not bool_or(purpose in ('acd', 'agent', 'user'))
            then 'self_served'
        else 'unknown'
    end as outcome,
    any_value(case_number) as case_number,
    arg_min(load_id, source_key) as load_id,
    arg_min(line_no, source_key) as line_no,
    max(exported_at) as exported_at,
    arg_min(time_q, source_key) as time_q,
    bit_xor(row_hash) as row_hash
from measured
group by group_key
