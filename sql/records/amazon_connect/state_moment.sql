-- one row per event that sets the state of an agent; heartbeats confirm, and set nothing
with events as (
    select
        touched_record.* exclude (fields),
        unnest(from_json(fields, '{
            "event_at": "TIMESTAMP", "event_type": "VARCHAR", "status_name": "VARCHAR", "status_type": "VARCHAR",
            "status_since": "TIMESTAMP", "status_before_since": "TIMESTAMP", "contacts": "VARCHAR"
        }'))
    from touched_record
    where about = 'agent'
),
told as (
    select
        *,
        from_json(contacts, '[{"ContactId": "VARCHAR", "InitialContactId": "VARCHAR", "State": "VARCHAR"}]') as handled
    from events
    where event_type <> 'HEART_BEAT'
),
judged as (
    select
        *,
        list_filter(handled, lambda c: c.State in ('CONNECTED', 'CONNECTED_ONHOLD', 'PAUSED'))[1] as connected,
        list_filter(handled, lambda c: c.State = 'ENDED')[1] as ended,
        list_filter(handled, lambda c: c.State in ('INCOMING', 'PENDING', 'CONNECTING'))[1] as ringing
    from told
)
select
    source_key as moment_key,
    group_key as agent_id,
    'routing' as track,
    -- a spell begins when the status did, which is not when the event was sent
    case
        when connected is null and ended is null and ringing is null and status_since is distinct from status_before_since
            then coalesce(status_since, event_at)
        else event_at
    end as happened_at,
    case
        when event_type = 'LOGOUT' or status_type = 'OFFLINE' then 'offline'
        when connected is not null then 'handling'
        when ended is not null then 'acw'
        when ringing is not null then 'ringing'
        when status_type = 'ROUTABLE' then 'available'
        else 'not_ready'
    end as state,
    coalesce(status_name, event_type) as state_code,
    case when status_type = 'CUSTOM' then status_name end as reason_code,
    coalesce(
        connected.InitialContactId, connected.ContactId, ended.InitialContactId, ended.ContactId,
        ringing.InitialContactId, ringing.ContactId
    ) as contact_key,
    load_id, line_no, exported_at, time_q, row_hash
from judged
