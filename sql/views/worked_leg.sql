-- one row per leg in which an agent dealt with a contact, or with a colleague about one
with finished as (
    select
        leg.*,
        coalesce(leg.acw_end_at, leg.released_at, leg.answered_at) as completed_at,
        operating_day(coalesce(leg.acw_end_at, leg.released_at, leg.answered_at)) as completed_on
    from lake.leg
    where leg.answered_at is not null
        and leg.leg_type in ('queue', 'direct', 'callback', 'outbound', 'consult', 'conference', 'internal')
)
select
    finished.leg_id,
    finished.contact_id,
    contact.chain_key as contact_key,
    finished.leg_type,
    finished.leg_type in ('queue', 'direct', 'callback', 'outbound') as is_handled,
    finished.leg_type in ('queue', 'direct', 'callback') as is_inbound,
    finished.queue_enter_at as arrived_at,
    finished.answered_at,
    finished.released_at,
    finished.completed_at,
    finished.completed_on,
    finished.time_q = 'date_only' as is_day_only,
    finished.queue_id as queue,
    finished.agent_id as agent,
    membership.team,
    membership.shift,
    membership.site,
    tenure(membership.hired_on, finished.completed_on) as tenure,
    contact.channel,
    contact.direction,
    contact.language,
    contact.request_type,
    finished.wait_ms,
    finished.talk_ms,
    finished.hold_ms,
    finished.hold_count,
    finished.acw_ms,
    finished.consult_ms,
    -- a source that cannot report one of the parts gives no handle time, rather than a smaller one
    finished.talk_ms + finished.hold_ms + finished.acw_ms as handle_ms,
    finished.end_reason,
    finished.end_reason in ('blind_transfer', 'warm_transfer') as is_transferred,
    finished.transfer_class,
    epoch_ms(finished.released_at) - epoch_ms(finished.answered_at) as to_release_ms,
    finished.source_id,
    finished.load_id,
    finished.line_no
from finished
join lake.contact using (contact_id)
left join membership
    on membership.agent_id = finished.agent_id
    and finished.completed_on >= membership.valid_from and finished.completed_on < membership.valid_to
where not contact.is_test
