-- one row per segment of the sessions of queues, agents and menus
with sessions as (
    select
        touched_record.* exclude (fields),
        unnest(from_json(fields, '{
            "purpose": "VARCHAR", "user_id": "VARCHAR", "session_id": "VARCHAR",
            "segments": [{
                "segmentType": "VARCHAR", "segmentStart": "TIMESTAMP", "segmentEnd": "TIMESTAMP", "queueId": "VARCHAR",
                "disconnectType": "VARCHAR"
            }]
        }'))
    from touched_record
),
numbered as (
    select * exclude (segments), unnest(segments) as segment, unnest(range(1, len(segments) + 1)) as number
    from sessions
    where purpose not in ('customer', 'external')
),
of_legs as (
    -- the agent's session that ended a visit is part of that visit
    select leg_key, leg_key as session_key from contact_part where leg_key is not null
    union
    select contact_part.leg_key, sessions.source_key
    from contact_part
    join sessions
        on sessions.group_key = contact_part.group_key
        and sessions.session_id = (contact_part.extra ->> '$.agent_session')
    where contact_part.leg_key is not null
)
select
    key_id($source, numbered.source_key || chr(31) || number) as leg_event_id,
    case when of_legs.leg_key is not null then key_id($source, of_legs.leg_key) end as leg_id,
    key_id($source, group_key) as contact_id,
    case segment.segmentType
        when 'alert' then 'ring'
        when 'interact' then 'answer'
        when 'hold' then 'hold'
        when 'wrapup' then 'wrap'
        when 'ivr' then 'ivr_node'
        when 'delay' then 'enqueue'
        when 'parked' then 'park'
        else 'other'
    end as type,
    segment.segmentStart as start_at,
    segment.segmentEnd as end_at,
    epoch_ms(segment.segmentEnd) - epoch_ms(segment.segmentStart) as dur_ms,
    user_id as agent_id,
    segment.queueId as queue_id,
    segment.disconnectType as result,
    segment.segmentType as value,
    $source as source_id,
    numbered.source_key || chr(31) || number as source_key,
    load_id,
    line_no,
    exported_at,
    time_q,
    row_hash
from numbered
left join of_legs on of_legs.session_key = numbered.source_key
