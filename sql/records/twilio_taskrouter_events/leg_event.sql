-- one row per reservation that a worker did not accept
with opened as (
    select
        touched_record.* exclude (fields),
        unnest(from_json(fields, '{"event": "VARCHAR", "queue": "VARCHAR", "worker": "VARCHAR", "reservation": "VARCHAR"}'))
    from touched_record
    where about = 'contact'
),
rings as (
    select
        group_key,
        reservation,
        any_value(worker) as worker,
        any_value(queue) as queue,
        min(happened_at) filter (where event = 'reservation.created') as offered_at,
        min(happened_at) filter (where event not in ('reservation.created')) as ended_at,
        arg_min(event, happened_at) filter (where event not in ('reservation.created')) as ended_by,
        count(*) filter (where event = 'reservation.accepted') as accepted,
        arg_min(load_id, (happened_at, row_hash)) as load_id,
        arg_min(line_no, (happened_at, row_hash)) as line_no,
        max(exported_at) as exported_at,
        bit_xor(row_hash) as row_hash
    from opened
    where reservation is not null
    group by group_key, reservation
)
select
    key_id($source, reservation || chr(31) || 'ring') as leg_event_id,
    key_id($source, group_key) as contact_id,
    'ring' as type,
    offered_at as start_at,
    ended_at as end_at,
    epoch_ms(ended_at) - epoch_ms(offered_at) as dur_ms,
    worker as agent_id,
    queue as queue_id,
    ended_by as result,
    $source as source_id,
    reservation || chr(31) || 'ring' as source_key,
    load_id,
    line_no,
    exported_at,
    'exact' as time_q,
    row_hash
from rings
where accepted = 0
