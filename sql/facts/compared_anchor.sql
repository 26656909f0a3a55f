-- one row per answered contact of a resident, and whether the same caller came back about the same thing within the window
with arrivals as (
    select
        contact_id,
        caller_key,
        coalesce(request_type, '(none)') as topic,
        entered_at,
        outcome = 'answered' as is_answered,
        source_id
    from lake.contact
    where direction = 'inbound' and not is_test
        and entered_at >= $first::date - interval 2 day - to_days($window_days::integer)
        and entered_at < $until::date + interval 2 day + to_days($window_days::integer)
),
ordered as (
    select
        arrivals.*,
        -- an earlier call that nobody answered settled nothing and makes no repeat of this one
        max(entered_at) filter (where is_answered)
            over (
                partition by caller_key, topic order by entered_at, contact_id
                rows between unbounded preceding and 1 preceding
            ) as before_at,
        lead(entered_at) over (partition by caller_key, topic order by entered_at, contact_id) as next_at
    from arrivals
),
known_until as (
    select source_id, max(entered_at) as until_at
    from lake.contact
    group by source_id
),
last_leg as (
    -- who had the contact last could still have settled it
    select
        contact_id,
        arg_max(agent, completed_at) as agent,
        arg_max(queue, completed_at) as queue,
        arg_max(shift, completed_at) as shift
    from handled_leg
    where is_inbound
        and completed_at >= $first::date - interval 3 day and completed_at < $until::date + interval 5 day
    group by contact_id
)
select
    ordered.contact_id as row_id,
    last_leg.agent,
    operating_day(ordered.entered_at) as day,
    case when not contact.is_day_only then date_part('hour', local_time(ordered.entered_at)) end as hour,
    coalesce(last_leg.queue, contact.queue) as queue,
    contact.channel,
    contact.direction,
    contact.language,
    contact.request_type,
    last_leg.shift,
    membership.site,
    ordered.caller_key,
    coalesce(epoch_ms(ordered.entered_at) - epoch_ms(before_at) <= $window_days * 86400000, false) as is_repeat,
    coalesce(epoch_ms(next_at) - epoch_ms(ordered.entered_at) <= $window_days * 86400000, false) as is_repeated,
    epoch_ms(ordered.entered_at) + $window_days * 86400000 <= epoch_ms(known_until.until_at) as is_observed
from ordered
join contact using (contact_id)
join known_until on known_until.source_id = ordered.source_id
left join last_leg using (contact_id)
left join membership
    on membership.agent_id = last_leg.agent
    and operating_day(ordered.entered_at) >= membership.valid_from
    and operating_day(ordered.entered_at) < membership.valid_to
where ordered.is_answered
    and operating_day(ordered.entered_at) >= $first::date
    and operating_day(ordered.entered_at) < $until::date
order by last_leg.agent, ordered.contact_id
