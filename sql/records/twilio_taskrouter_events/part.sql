-- one row per reservation that a worker accepted, and per task that nobody took
with opened as (
    select
        touched_record.* exclude (fields),
        unnest(from_json(fields, '{
            "event": "VARCHAR", "queue": "VARCHAR", "channel": "VARCHAR", "worker": "VARCHAR", "reservation": "VARCHAR",
            "reason": "VARCHAR", "direction": "VARCHAR", "caller": "VARCHAR", "case_number": "VARCHAR"
        }'))
    from touched_record
    where about = 'contact'
),
tasks as (
    select
        group_key,
        any_value(channel) as channel,
        any_value(direction) as direction,
        any_value(caller) as caller,
        any_value(case_number) as case_number,
        coalesce(min(happened_at) filter (where event = 'task.created'), min(happened_at)) as created_at,
        max(happened_at) filter (where event in ('task.completed', 'task.canceled', 'task.deleted')) as over_at,
        max(happened_at) filter (where event = 'task.canceled') as canceled_at,
        arg_max(reason, happened_at) filter (where event = 'task.canceled') as reason,
        arg_min(queue, happened_at) filter (where queue is not null) as queue,
        count(*) filter (where event = 'reservation.accepted') as accepted,
        arg_min(load_id, (happened_at, row_hash)) as load_id,
        arg_min(line_no, (happened_at, row_hash)) as line_no,
        max(exported_at) as exported_at,
        bit_xor(row_hash) as row_hash
    from opened
    group by group_key
),
reservations as (
    select
        group_key,
        reservation,
        any_value(worker) as worker,
        arg_min(queue, happened_at) filter (where queue is not null) as queue,
        min(happened_at) filter (where event = 'reservation.created') as offered_at,
        min(happened_at) filter (where event = 'reservation.accepted') as accepted_at,
        min(happened_at) filter (where event = 'reservation.wrapup') as wrapup_at,
        min(happened_at) filter (where event = 'reservation.completed') as completed_at,
        arg_min(load_id, (happened_at, row_hash)) as load_id,
        arg_min(line_no, (happened_at, row_hash)) as line_no,
        max(exported_at) as exported_at,
        bit_xor(row_hash) as row_hash
    from opened
    where reservation is not null
    group by group_key, reservation
),
-- a task enters the queue when it is made, and again when it is handed on
accepted as (
    select
        reservations.*,
        tasks.created_at,
        tasks.over_at,
        (
            select max(happened_at) from opened
            where opened.group_key = reservations.group_key
                and event in ('task.created', 'task.transfer-initiated', 'task-queue.moved')
                and happened_at <= reservations.accepted_at
        ) as entered_at,
        (
            select count(*) > 0 from opened
            where opened.group_key = reservations.group_key
                and event = 'task.transfer-initiated'
                and happened_at between reservations.accepted_at and coalesce(reservations.completed_at, tasks.over_at)
        ) as is_handed_on
    from reservations
    join tasks using (group_key)
    where accepted_at is not null
)
select
    group_key,
    'answered' as outcome,
    'reservation.accepted' as outcome_code,
    reservation as leg_key,
    'queue' as leg_type,
    queue as queue_id,
    worker as agent_id,
    coalesce(entered_at, created_at) as queue_enter_at,
    offered_at,
    accepted_at as answered_at,
    coalesce(wrapup_at, completed_at) as released_at,
    completed_at as acw_end_at,
    epoch_ms(accepted_at) - epoch_ms(coalesce(entered_at, created_at)) as wait_ms,
    epoch_ms(accepted_at) - epoch_ms(offered_at) as ring_ms,
    epoch_ms(coalesce(wrapup_at, completed_at)) - epoch_ms(accepted_at) as talk_ms,
    case
        when completed_at is not null
        then epoch_ms(completed_at) - epoch_ms(coalesce(wrapup_at, completed_at))
    end as acw_ms,
    case when is_handed_on then 'blind_transfer' end as end_reason,
    case when is_handed_on then 'department' end as transfer_class,
    '{"talk_includes_hold": true}' as extra,
    load_id, line_no, exported_at, 'exact' as time_q, row_hash
from accepted
union all by name
select
    group_key,
    channel,
    coalesce(direction, 'inbound') as direction,
    case direction when 'outbound' then 'agent' else 'customer' end as initiation,
    created_at as entered_at,
    over_at as ended_at,
    caller as caller_key,
    case when accepted > 0 then null when canceled_at is not null then 'abandoned' when over_at is null then 'pending' else 'unknown' end
        as outcome,
    reason as outcome_code,
    case_number,
    case when accepted = 0 then group_key end as leg_key,
    'queue' as leg_type,
    queue as queue_id,
    case when accepted = 0 then created_at end as queue_enter_at,
    case when accepted = 0 then over_at end as released_at,
    case when accepted = 0 then epoch_ms(over_at) - epoch_ms(created_at) end as wait_ms,
    case when accepted = 0 and canceled_at is not null then 'abandon' when accepted = 0 and over_at is not null then 'system' end
        as end_reason,
    load_id, line_no, exported_at, 'exact' as time_q, row_hash
from tasks
