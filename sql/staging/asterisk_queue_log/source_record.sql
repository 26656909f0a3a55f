-- one row per event and thing that it is about: the call, and the agent
with parted as (
    select
        * exclude (agent),
        -- the file parts what follows the verb by bars; a database has five columns and packs the rest into the last, or
        -- one column; empty ends say nothing
        string_split(
            coalesce(
                data,
                rtrim(
                    concat_ws(
                        '|',
                        coalesce(data1, ''), coalesce(data2, ''), coalesce(data3, ''), coalesce(data4, ''),
                        coalesce(data5, '')
                    ),
                    '|'
                )
            ),
            '|'
        ) as written,
        agent
    from typed_row
),
shielded as (
    select
        *,
        case
            -- the caller's number is kept as a keyed hash, the name not at all
            when event = 'ENTERQUEUE' then ['', coalesce(caller_key(written[2]), ''), coalesce(written[3], '')]
            when event in ('BLINDTRANSFER', 'TRANSFER') then list_concat([redacted(written[1])], written[2:])
            when event in (
                'CONNECT', 'COMPLETEAGENT', 'COMPLETECALLER', 'ABANDON', 'EXITWITHTIMEOUT', 'EXITWITHKEY', 'EXITEMPTY',
                'RINGNOANSWER', 'RINGCANCELED', 'ATTENDEDTRANSFER', 'AGENTLOGIN', 'AGENTLOGOFF', 'AGENTCALLBACKLOGIN',
                'AGENTCALLBACKLOGOFF', 'ADDMEMBER', 'REMOVEMEMBER', 'PAUSE', 'UNPAUSE', 'PAUSEALL', 'UNPAUSEALL', 'WITHDRAW'
            ) then written
            -- what a dial plan writes under a verb of its own may be anybody's number
            else list_transform(written, lambda one: redacted(one))
        end as params,
        event in (
            'AGENTLOGIN', 'AGENTLOGOFF', 'AGENTCALLBACKLOGIN', 'AGENTCALLBACKLOGOFF', 'ADDMEMBER', 'REMOVEMEMBER',
            'PAUSE', 'UNPAUSE', 'PAUSEALL', 'UNPAUSEALL'
        ) as is_of_agent,
        event in (
            'CONNECT', 'COMPLETEAGENT', 'COMPLETECALLER', 'BLINDTRANSFER', 'TRANSFER', 'ATTENDEDTRANSFER'
        ) as is_of_both
    from parted
),
subjects as (
    select *, 'contact' as about, callid as subject from shielded where not is_of_agent and callid is not null
    union all
    select *, 'agent' as about, agent as subject from shielded where (is_of_agent or is_of_both) and agent is not null
    union all
    -- housekeeping, and what names neither a call nor an agent: kept
    select *, 'system' as about, event as subject
    from shielded
    where (is_of_agent and agent is null) or (not is_of_agent and callid is null and not (is_of_both and agent is not null))
)
select
    key_id($source, about || chr(31) || source_key) as record_id,
    'queue_log' as kind,
    about,
    subject as group_key,
    time as happened_at,
    to_json({
        'verb': event, 'queue': queuename, 'agent': agent, 'callid': callid, 'params': params
    })::varchar as fields,
    about || chr(31) || source_key as source_key,
    load_id,
    line_no,
    exported_at,
    time_q,
    row_hash
from subjects
