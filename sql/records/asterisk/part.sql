-- one row per visit to a queue, and per pair of parties of calls that visited none
with opened as (
    select
        touched_record.* exclude (fields),
        unnest(from_json(fields, '{"verb": "VARCHAR", "queue": "VARCHAR", "agent": "VARCHAR", "params": ["VARCHAR"]}'))
    from touched_record
    where kind = 'queue_log' and about = 'contact'
),
events as (
    select
        *,
        -- events of one instant follow each other as a visit does
        case verb when 'ENTERQUEUE' then 0 when 'RINGNOANSWER' then 1 when 'CONNECT' then 2 else 3 end as place
    from opened
),
numbered as (
    select
        *,
        -- what stands before the first entry is of the first visit: its entry stands in an earlier file, or a clock jumped
        greatest(1, count(*) filter (where verb = 'ENTERQUEUE') over (
            partition by group_key, queue order by happened_at, place, record_id
        )) as visit
    from events
    where queue is not null and (
        verb in (
            'ENTERQUEUE', 'CONNECT', 'COMPLETEAGENT', 'COMPLETECALLER', 'BLINDTRANSFER', 'TRANSFER', 'ATTENDEDTRANSFER',
            'ABANDON', 'EXITWITHTIMEOUT', 'EXITWITHKEY', 'EXITEMPTY', 'WITHDRAW',
            'CLOSED', 'FULL', 'JOINEMPTY', 'LEAVEEMPTY'
        )
        or verb like 'DIVERT%'
    )
),
ends as (
    select
        group_key,
        queue,
        visit,
        verb,
        happened_at,
        agent,
        params,
        -- the number of ids differs by method, what follows them does not: hold, call, position
        case
            when verb = 'ATTENDEDTRANSFER' then params[-3]
            when verb in ('BLINDTRANSFER', 'TRANSFER') then params[3]
            when verb in ('COMPLETEAGENT', 'COMPLETECALLER') then params[1]
            when verb in ('ABANDON', 'EXITWITHTIMEOUT', 'EXITEMPTY', 'WITHDRAW') then params[3]
            when verb = 'EXITWITHKEY' then params[4]
        end as wait_seconds,
        case
            when verb = 'ATTENDEDTRANSFER' then params[-2]
            when verb in ('BLINDTRANSFER', 'TRANSFER') then params[4]
            when verb in ('COMPLETEAGENT', 'COMPLETECALLER') then params[2]
        end as talk_seconds
    from numbered
    where verb not in ('ENTERQUEUE', 'CONNECT')
    qualify row_number() over (partition by group_key, queue, visit order by happened_at desc, record_id) = 1
),
visits as (
    select
        group_key,
        queue,
        visit,
        min(happened_at) filter (where verb = 'ENTERQUEUE') as entered_at,
        min(happened_at) filter (where verb = 'CONNECT') as connected_at,
        arg_min(agent, happened_at) filter (where verb = 'CONNECT') as agent,
        arg_min(params, happened_at) filter (where verb = 'CONNECT') as connection,
        arg_min(params[2], happened_at) filter (where verb = 'ENTERQUEUE') as caller,
        arg_min(load_id, (place, happened_at)) as load_id,
        arg_min(line_no, (place, happened_at)) as line_no,
        max(exported_at) as exported_at,
        arg_min(time_q, (place, happened_at)) as time_q,
        bit_xor(row_hash) as row_hash
    from numbered
    group by group_key, queue, visit
),
timed as (
    select
        visits.*,
        ends.verb as ending,
        ends.happened_at as ended_at,
        ends.params as ending_params,
        coalesce(visits.agent, ends.agent) as answered_by,
        coalesce(try_cast(connection[1] as bigint), try_cast(ends.wait_seconds as bigint)) as wait_seconds,
        try_cast(ends.talk_seconds as bigint) as talk_seconds,
        connected_at is not null or ends.talk_seconds is not null as is_answered
    from visits
    left join ends using (group_key, queue, visit)
),
placed as (
    select
        *,
        coalesce(
            connected_at, case when is_answered then ended_at - to_seconds(talk_seconds) end
        ) as answered_at,
        coalesce(
            entered_at,
            connected_at - to_seconds(wait_seconds),
            ended_at - to_seconds(coalesce(wait_seconds, 0) + coalesce(talk_seconds, 0))
        ) as queue_enter_at
    from timed
),
pairs as (
    select
        touched_record.* exclude (fields),
        unnest(from_json(fields, '{
            "start_time": "TIMESTAMP", "answer_time": "TIMESTAMP", "end_time": "TIMESTAMP", "duration": "BIGINT",
            "billsec": "BIGINT", "disposition": "VARCHAR", "context": "VARCHAR", "is_long_number": "BOOLEAN",
            "channel": "VARCHAR", "dstchannel": "VARCHAR", "caller": "VARCHAR"
        }'))
    from touched_record
    where kind = 'cdr'
),
directed as (
    select
        *,
        disposition = 'ANSWERED' and billsec > 0 as is_answered,
        case
            when regexp_matches(context, 'from-(trunk|pstn|did|external|zaptel|sip-external)|ext-did|incoming|inbound')
                then 'inbound'
            when is_long_number then 'outbound'
            else 'internal'
        end as direction,
        -- PJSIP/3001-0000001a is a channel of the interface PJSIP/3001
        regexp_replace(channel, '-[0-9a-f]+(;[12])?$', '') as calling,
        regexp_replace(dstchannel, '-[0-9a-f]+(;[12])?$', '') as called
    from pairs
),
channel_events as (
    select
        touched_record.* exclude (fields),
        unnest(from_json(fields, '{"event": "VARCHAR", "channel": "VARCHAR", "uniqueid": "VARCHAR", "context": "VARCHAR"}'))
    from touched_record
    where kind = 'cel'
),
bridged as (
    select
        group_key,
        min(happened_at) as entered_at,
        max(happened_at) as ended_at,
        min(happened_at) filter (where event in ('BRIDGE_START', 'BRIDGE_ENTER')) as answered_at,
        max(happened_at) filter (where event in ('BRIDGE_END', 'BRIDGE_EXIT')) as released_at,
        arg_max(event, happened_at) filter (where event in ('BLINDTRANSFER', 'ATTENDEDTRANSFER')) as transfer,
        count(*) filter (where event = 'LINKEDID_END') > 0 as is_over,
        arg_min(load_id, happened_at) as load_id,
        arg_min(line_no, happened_at) as line_no,
        max(exported_at) as exported_at,
        bit_xor(row_hash) as row_hash
    from channel_events
    group by group_key
)
select
    group_key,
    'voice' as channel,
    'inbound' as direction,
    'customer' as initiation,
    queue_enter_at as entered_at,
    coalesce(ended_at, answered_at, queue_enter_at) as ended_at,
    nullif(caller, '') as caller_key,
    case
        when is_answered then 'answered'
        when ending = 'ABANDON' then 'abandoned'
        when ending in ('CLOSED', 'FULL', 'JOINEMPTY', 'LEAVEEMPTY') or ending like 'DIVERT%' then 'forced_off'
        when ending is not null then 'unknown'
        else 'pending'
    end as outcome,
    coalesce(ending, case when is_answered then 'CONNECT' else 'ENTERQUEUE' end) as outcome_code,
    case ending when 'COMPLETECALLER' then 'caller' when 'COMPLETEAGENT' then 'agent' when 'ABANDON' then 'caller' end
        as disconnect_by,
    group_key || chr(31) || queue || chr(31) || visit as leg_key,
    'queue' as leg_type,
    queue as queue_id,
    case when is_answered then answered_by end as agent_id,
    queue_enter_at,
    answered_at,
    ended_at as released_at,
    coalesce(
        wait_seconds * 1000,
        epoch_ms(coalesce(answered_at, ended_at)) - epoch_ms(queue_enter_at)
    ) as wait_ms,
    try_cast(connection[3] as bigint) * 1000 as ring_ms,
    case when is_answered then coalesce(
        talk_seconds * 1000, epoch_ms(ended_at) - epoch_ms(answered_at)
    ) end as talk_ms,
    case
        when ending = 'COMPLETECALLER' then 'caller'
        when ending = 'COMPLETEAGENT' then 'agent'
        when ending in ('BLINDTRANSFER', 'TRANSFER') then 'blind_transfer'
        when ending = 'ATTENDEDTRANSFER' then 'warm_transfer'
        when ending = 'ABANDON' then 'abandon'
        when ending is not null then 'flow_out'
    end as end_reason,
    case
        when ending = 'CLOSED' then 'closing_time'
        when ending = 'FULL' or ending like 'DIVERT%' then 'saturated'
        when ending in ('JOINEMPTY', 'LEAVEEMPTY') then 'nobody_there'
        when ending like 'EXIT%' or ending = 'WITHDRAW' then 'left_the_queue'
    end as flow_out_kind,
    ending as end_code,
    case when ending in ('BLINDTRANSFER', 'TRANSFER') then ending_params[1] end as transfer_to,
    case when ending in ('BLINDTRANSFER', 'TRANSFER', 'ATTENDEDTRANSFER') then 'department' end as transfer_class,
    case when is_answered then '{"talk_includes_hold": true}' end as extra,
    load_id,
    line_no,
    exported_at,
    case when entered_at is null and (is_answered or ending = 'ABANDON') then 'derived' else time_q end as time_q,
    row_hash
from placed
union all by name
-- a call that visited a queue has its legs from the queue log; here it only gets its beginning and end
select
    group_key,
    'voice' as channel,
    direction,
    case direction when 'inbound' then 'customer' else 'agent' end as initiation,
    start_time as entered_at,
    coalesce(end_time, start_time + to_milliseconds(duration)) as ended_at,
    caller as caller_key,
    case when is_answered then 'answered' when direction = 'inbound' then 'abandoned' else 'unknown' end as outcome,
    disposition as outcome_code,
    source_key as leg_key,
    case direction when 'inbound' then 'direct' else direction end as leg_type,
    case when is_answered then case direction when 'inbound' then called else calling end end as agent_id,
    start_time as offered_at,
    case
        when is_answered
        then coalesce(answer_time, start_time + to_milliseconds(duration - billsec))
    end as answered_at,
    coalesce(end_time, start_time + to_milliseconds(duration)) as released_at,
    duration - billsec as ring_ms,
    case when is_answered then billsec end as talk_ms,
    duration as total_ms,
    case
        when not is_answered and direction = 'inbound' then 'abandon'
        when not is_answered then 'system'
    end as end_reason,
    disposition as end_code,
    case when is_answered then '{"talk_includes_hold": true}' end as extra,
    load_id, line_no, exported_at, time_q, row_hash
from directed
where group_key not in (select group_key from placed)
union all by name
select
    group_key,
    'voice' as channel,
    start_time as entered_at,
    coalesce(end_time, start_time + to_milliseconds(duration)) as ended_at,
    caller as caller_key,
    load_id, line_no, exported_at, time_q, row_hash
from directed
where group_key in (select group_key from placed)
union all by name
-- channel events alone: the call, and the conversation between its first bridge and its last
select
    group_key,
    'voice' as channel,
    'inbound' as direction,
    'customer' as initiation,
    entered_at,
    ended_at,
    case when answered_at is not null then 'answered' when is_over then 'unknown' else 'pending' end as outcome,
    coalesce(transfer, case when is_over then 'LINKEDID_END' end) as outcome_code,
    'cel' || chr(31) || group_key as leg_key,
    'direct' as leg_type,
    entered_at as offered_at,
    answered_at,
    coalesce(released_at, ended_at) as released_at,
    epoch_ms(answered_at) - epoch_ms(entered_at) as ring_ms,
    epoch_ms(released_at) - epoch_ms(answered_at) as talk_ms,
    case transfer when 'BLINDTRANSFER' then 'blind_transfer' when 'ATTENDEDTRANSFER' then 'warm_transfer' end as end_reason,
    transfer as end_code,
    load_id, line_no, exported_at, 'exact' as time_q, row_hash
from bridged
where group_key not in (select group_key from placed) and group_key not in (select group_key from pairs)
union all by name
select group_key, 'voice' as channel, entered_at, ended_at, load_id, line_no, exported_at, 'exact' as time_q, row_hash
from bridged
where group_key in (select group_key from placed) or group_key in (select group_key from pairs)
