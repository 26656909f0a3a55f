-- one row per spell of a person on one of the two tracks, which run beside each other
with told as (
    select
        typed_row.*,
        'routing' as track,
        unnest(from_json(routing, '[{"startTime": "TIMESTAMP", "endTime": "TIMESTAMP", "routingStatus": "VARCHAR"}]')) as spell
    from typed_row
    union all by name
    select
        typed_row.*,
        'presence' as track,
        unnest(
            from_json(presence, '[{"startTime": "TIMESTAMP", "endTime": "TIMESTAMP", "systemPresence": "VARCHAR"}]')
        ) as spell
    from typed_row
),
spells as (
    select
        user_id,
        track,
        spell.startTime as start_at,
        spell.endTime as end_at,
        coalesce(spell.routingStatus, spell.systemPresence) as code,
        case
            when track = 'presence' then case spell.systemPresence
                when 'ON_QUEUE' then 'available'
                when 'AVAILABLE' then 'available'
                when 'OFFLINE' then 'offline'
                else 'not_ready'
            end
            else case spell.routingStatus
                when 'IDLE' then 'available'
                when 'INTERACTING' then 'handling'
                when 'COMMUNICATING' then 'handling'
                when 'NOT_RESPONDING' then 'not_ready'
                when 'OFF_QUEUE' then 'offline'
            end
        end as state,
        load_id,
        line_no,
        exported_at
    from told
)
select
    key_id($source, concat_ws(chr(31), user_id, track, start_at)) as state_id,
    user_id as agent_id,
    track,
    state,
    code as state_code,
    case when track = 'presence' and state = 'not_ready' then code end as reason_code,
    start_at,
    end_at,
    epoch_ms(end_at) - epoch_ms(start_at) as dur_ms,
    case when end_at is null then 'cutoff' else 'event' end as end_by,
    concat_ws(chr(31), user_id, track, start_at) as source_key,
    load_id,
    line_no,
    exported_at,
    'exact' as time_q,
    -- the row is the person's whole export: a spell is another when its own state or end is
    md5_number_lower(concat_ws(chr(31), code, end_at)) as row_hash
from spells
where state <> 'offline'
