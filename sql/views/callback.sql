-- one row per callback that a caller asked for instead of waiting
with requested as (
    select leg.*, coalesce(leg.released_at, leg.queue_enter_at + to_milliseconds(coalesce(leg.wait_ms, 0))) as requested_at
    from lake.leg
    where leg.flow_out_kind = 'callback'
),
attempts as (
    select
        requested.leg_id,
        count(*) as attempts,
        min(coalesce(leg.offered_at, leg.queue_enter_at)) as first_attempt_at,
        bool_or(leg.answered_at is not null) as is_reached
    from requested
    join lake.leg on leg.leg_type = 'callback'
        and (leg.parent_leg_id = requested.leg_id or leg.contact_id = requested.contact_id)
        and leg.leg_id <> requested.leg_id and coalesce(leg.offered_at, leg.queue_enter_at) >= requested.requested_at
    group by requested.leg_id
),
-- null where the centre promises no time within which it calls back
promise as (
    select rule('callback_minutes', null) * 60000 as within_ms
)
select
    requested.leg_id,
    requested.contact_id,
    contact.chain_key as contact_key,
    requested.requested_at,
    requested.time_q = 'date_only' as is_day_only,
    requested.queue_id as queue,
    contact.channel,
    contact.language,
    contact.request_type,
    coalesce(attempts.attempts, 0) as attempts,
    attempts.first_attempt_at,
    coalesce(attempts.is_reached, false) as is_reached,
    epoch_ms(attempts.first_attempt_at) - epoch_ms(requested.requested_at) as delay_ms,
    coalesce(delay_ms <= promise.within_ms, false) as is_in_window,
    -- one that was not called back yet is late only once its time has passed
    attempts.first_attempt_at is not null or epoch_ms(requested.requested_at) + promise.within_ms <= epoch_ms(source_cutoff.cutoff_at)
        as is_window_over,
    requested.source_id,
    requested.load_id,
    requested.line_no
from requested
cross join promise
join lake.contact using (contact_id)
join source_cutoff on source_cutoff.source_id = requested.source_id
left join attempts using (leg_id)
where not contact.is_test
