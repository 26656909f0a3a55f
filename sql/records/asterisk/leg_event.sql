-- one row per ring that nobody answered, key pressed and other event of a visit
with opened as (
    select
        touched_record.* exclude (fields),
        unnest(from_json(fields, '{"verb": "VARCHAR", "queue": "VARCHAR", "agent": "VARCHAR", "params": ["VARCHAR"]}'))
    from touched_record
    where kind = 'queue_log' and about = 'contact'
),
events as (
    select *, case verb when 'ENTERQUEUE' then 0 else 1 end as place from opened
),
numbered as (
    select
        *,
        greatest(1, count(*) filter (where verb = 'ENTERQUEUE') over (
            partition by group_key, queue order by happened_at, place, record_id
        )) as visit
    from events
)
select
    key_id($source, source_key) as leg_event_id,
    key_id($source, group_key || chr(31) || queue || chr(31) || visit) as leg_id,
    key_id($source, group_key) as contact_id,
    case
        when verb in ('RINGNOANSWER', 'RINGCANCELED') then 'ring'
        when verb = 'EXITWITHKEY' then 'key'
        when verb in ('BLINDTRANSFER', 'TRANSFER', 'ATTENDEDTRANSFER') then 'transfer'
        else 'other'
    end as type,
    -- the only verbs that count in milliseconds
    case
        when verb in ('RINGNOANSWER', 'RINGCANCELED')
        then happened_at - to_milliseconds(coalesce(try_cast(params[1] as bigint), 0))
        else happened_at
    end as start_at,
    happened_at as end_at,
    case
        when verb in ('RINGNOANSWER', 'RINGCANCELED') then try_cast(params[1] as bigint) else 0
    end as dur_ms,
    agent as agent_id,
    queue as queue_id,
    verb as result,
    case when verb = 'EXITWITHKEY' then params[1] end as value,
    $source as source_id,
    source_key,
    load_id,
    line_no,
    exported_at,
    time_q,
    row_hash
from numbered
where verb not in (
    'ENTERQUEUE', 'CONNECT', 'COMPLETEAGENT', 'COMPLETECALLER', 'ABANDON', 'EXITWITHTIMEOUT', 'EXITEMPTY'
)
