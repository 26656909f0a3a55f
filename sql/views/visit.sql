-- one row per visit of a contact to a queue
with arrivals as (
    select
        leg.leg_id,
        leg.contact_id,
        leg.queue_enter_at as arrived_at,
        operating_day(leg.queue_enter_at) as arrived_on,
        leg.offered_at,
        leg.answered_at,
        coalesce(leg.answered_at, leg.queue_enter_at + to_milliseconds(leg.wait_ms), leg.released_at) as left_at,
        leg.time_q = 'date_only' as is_day_only,
        leg.visit_no,
        leg.leg_type,
        leg.queue_id as queue,
        leg.agent_id as agent,
        leg.wait_ms,
        leg.talk_ms,
        leg.released_at,
        leg.end_reason,
        leg.flow_out_kind,
        leg.source_id,
        leg.load_id,
        leg.line_no
    from lake.leg
    where leg.leg_type in ('queue', 'callback')
),
judged as (
    select
        arrivals.*,
        coalesce(own.within_ms, general.within_ms) as target_ms,
        own.within_ms is not null as has_own_target,
        arrivals.talk_ms < rule('short_answered_seconds', 10) * 1000 as is_short_answered,
        case
            when arrivals.answered_at is not null then 'answered'
            when arrivals.flow_out_kind in ('closed', 'full', 'join_empty', 'blocked', 'busy', 'divert') then 'refused'
            when arrivals.end_reason = 'abandon' and arrivals.wait_ms <= rule('short_abandon_ms', 5000) then 'short_abandoned'
            when arrivals.end_reason = 'abandon' then 'abandoned'
            when arrivals.end_reason in ('flow_out', 'system', 'timeout', 'dequeued', 'rna') then 'flow_out'
            else 'pending'
        end as outcome
    from arrivals
    left join answer_target as own
        on own.queue_id = arrivals.queue
        and arrivals.arrived_on >= own.valid_from and arrivals.arrived_on < own.valid_to
    left join answer_target as general
        on general.queue_id is null
        and arrivals.arrived_on >= general.valid_from and arrivals.arrived_on < general.valid_to
)
select
    judged.*,
    contact.chain_key as contact_key,
    contact.channel,
    contact.direction,
    contact.language,
    contact.request_type,
    contact.outcome as contact_outcome,
    contact.channel in ('voice', 'chat') as is_live,
    kept_callback.leg_id is not null and judged.outcome in ('flow_out', 'pending') as is_called_back_in_time,
    membership.team,
    membership.shift,
    membership.site,
    tenure(membership.hired_on, judged.arrived_on) as tenure
from judged
join lake.contact using (contact_id)
left join kept_callback on kept_callback.leg_id = judged.leg_id
left join membership
    on membership.agent_id = judged.agent
    and judged.arrived_on >= membership.valid_from and judged.arrived_on < membership.valid_to
where not contact.is_test
