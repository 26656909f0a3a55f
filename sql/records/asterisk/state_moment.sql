-- one row per event of the queue log that sets the state of an agent
with events as (
    select
        touched_record.* exclude (fields),
        unnest(from_json(fields, '{"verb": "VARCHAR", "queue": "VARCHAR", "agent": "VARCHAR", "callid": "VARCHAR", "params": ["VARCHAR"]}'))
    from touched_record
    where kind = 'queue_log' and about = 'agent'
),
told as (
    select
        *,
        case
            when verb in ('AGENTLOGIN', 'AGENTCALLBACKLOGIN') then 'login'
            when verb in ('AGENTLOGOFF', 'AGENTCALLBACKLOGOFF') then 'logoff'
            when verb = 'ADDMEMBER' then 'join'
            when verb = 'REMOVEMEMBER' then 'leave'
            when verb = 'PAUSEALL' then 'pause'
            when verb = 'UNPAUSEALL' then 'unpause'
            when verb = 'CONNECT' then 'connect'
            when verb in ('COMPLETEAGENT', 'COMPLETECALLER', 'BLINDTRANSFER', 'TRANSFER', 'ATTENDEDTRANSFER') then 'release'
            when verb in ('PAUSE', 'UNPAUSE') then 'queue'
        end as word,
        -- a pause of all queues is followed by one row for each of them: only the first is a change of state
        count(*) filter (where verb in ('PAUSEALL', 'UNPAUSEALL')) over (
            partition by group_key order by happened_at
            range between interval 2 seconds preceding and interval 2 seconds following
        ) > 0 as is_of_all
    from events
),
stated as (
    select
        *,
        last_value(case word
            when 'login' then 'in' when 'join' then 'in' when 'logoff' then 'out'
            when 'leave' then case when members <= 0 then 'out' end
        end ignore nulls) over so_far as presence,
        last_value(case word when 'pause' then true when 'unpause' then false when 'login' then false
            when 'join' then params[1] = 'PAUSED' when 'logoff' then false end ignore nulls) over so_far as is_paused,
        last_value(case word when 'pause' then coalesce(nullif(params[1], ''), '') when 'unpause' then '' end ignore nulls)
            over so_far as reason,
        last_value(case word when 'connect' then callid when 'release' then '' when 'login' then '' when 'logoff' then ''
            end ignore nulls) over so_far as call_in_hand
    from (
        select
            *,
            sum(case word when 'join' then 1 when 'leave' then -1 else 0 end) over (
                partition by group_key order by happened_at, record_id
            ) as members,
            lag(word) over (
                partition by group_key, word in ('login', 'logoff') order by happened_at, record_id
            ) as before
        from told
    )
    window so_far as (
        partition by group_key order by happened_at, record_id rows between unbounded preceding and current row
    )
)
select
    source_key as moment_key,
    group_key as agent_id,
    'routing' as track,
    happened_at,
    case
        when presence = 'out' then 'offline'
        when call_in_hand <> '' then 'handling'
        when is_paused then 'not_ready'
        else 'available'
    end as state,
    verb as state_code,
    case when is_paused and presence is distinct from 'out' then nullif(reason, '') end as reason_code,
    null as queue_id,
    nullif(call_in_hand, '') as contact_key,
    load_id, line_no, exported_at, time_q, row_hash
from stated
where word <> 'queue'
union all by name
-- a log-off without a log-in says how long the session was
select
    source_key || chr(31) || 'login' as moment_key,
    group_key as agent_id,
    'routing' as track,
    happened_at - to_seconds(try_cast(params[2] as bigint)) as happened_at,
    'available' as state,
    verb as state_code,
    load_id, line_no, exported_at, 'derived' as time_q, row_hash
from stated
where word = 'logoff' and before is null and try_cast(params[2] as bigint) > 0
union all by name
select
    source_key as moment_key,
    group_key as agent_id,
    'queue' as track,
    happened_at,
    case verb when 'PAUSE' then 'not_ready' else 'available' end as state,
    verb as state_code,
    case verb when 'PAUSE' then nullif(params[1], '') end as reason_code,
    queue as queue_id,
    load_id, line_no, exported_at, time_q, row_hash
from stated
where word = 'queue' and not is_of_all
