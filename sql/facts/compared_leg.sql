-- one row per leg in which an agent dealt with a contact, with what the work was
select
    handled_leg.leg_id as row_id,
    handled_leg.agent,
    operating_day(handled_leg.completed_at) as day,
    case when not handled_leg.is_day_only then date_part('hour', local_time(handled_leg.answered_at)) end as hour,
    handled_leg.queue,
    handled_leg.channel,
    handled_leg.direction,
    handled_leg.language,
    handled_leg.request_type,
    handled_leg.shift,
    membership.site,
    handled_leg.is_inbound,
    handled_leg.talk_ms,
    handled_leg.hold_ms,
    handled_leg.acw_ms,
    handled_leg.handle_ms,
    handled_leg.end_reason,
    handled_leg.transfer_class
from handled_leg
left join membership
    on membership.agent_id = handled_leg.agent
    and operating_day(handled_leg.completed_at) >= membership.valid_from
    and operating_day(handled_leg.completed_at) < membership.valid_to
where handled_leg.completed_at >= $first::date - interval 2 day
    and handled_leg.completed_at < $until::date + interval 2 day
    and operating_day(handled_leg.completed_at) >= $first::date
    and operating_day(handled_leg.completed_at) < $until::date
order by handled_leg.agent, handled_leg.leg_id
