-- one contact that at least one agent dealt with
with wanted as (
    select contact_id
    from lake.contact
    where entered_at >= first_day - interval 2 day and entered_at < until_day + interval 2 day
    union
    select contact_id
    from lake.leg
    where coalesce(acw_end_at, released_at, answered_at) >= first_day - interval 2 day
        and coalesce(acw_end_at, released_at, answered_at) < until_day + interval 2 day
),
dealt as (
    select
        contact_id,
        max(completed_at) as completed_at,
        count(*) as legs,
        sum(handle_ms) as handle_ms,
        bool_or(handle_ms is null) as lacks_handle_time,
        bool_or(is_inbound) as is_inbound,
        bool_or(is_transferred) as is_transferred,
        bool_or(is_transferred and transfer_class in ('department', '911', 'external')) as left_the_centre,
        bool_or(coalesce(transfer_class, '') = '911') as went_to_911,
        bool_or(coalesce(transfer_class, '') = 'supervisor') as went_to_supervisor,
        bool_or(handled_leg.leg_type = 'callback') as was_called_back
    from handled_leg
    where contact_id in (select contact_id from wanted)
    group by contact_id
),
linked as (
    select
        contact_id,
        bool_or(kind = 'request') as has_request,
        bool_or(kind = 'information') as has_inquiry,
        bool_or(role = 'status_inquiry') as is_status_inquiry,
        max(closed_at) filter (where kind = 'information') as inquiry_closed_at,
        bool_or(kind = 'information' and closed_at is null) as has_open_inquiry
    from contact_link
    where contact_id in (select contact_id from wanted)
    group by contact_id
)
select
    contact.contact_id,
    contact.contact_key,
    contact.entered_at,
    dealt.completed_at,
    contact.is_day_only,
    contact.queue,
    contact.channel,
    contact.direction,
    contact.language,
    contact.request_type,
    dealt.is_inbound,
    dealt.legs,
    case when not dealt.lacks_handle_time then dealt.handle_ms end as handle_ms,
    dealt.is_transferred,
    dealt.went_to_911,
    dealt.went_to_supervisor,
    coalesce(request_type.kind, case when linked.has_inquiry then 'information' when linked.has_request then 'request' end) as kind,
    linked.contact_id is not null as is_linked,
    linked.contact_id is not null or contact.wrap_code is not null as is_coded,
    coalesce(linked.is_status_inquiry, false) as is_status_inquiry,
    not dealt.left_the_centre and not coalesce(linked.has_request, false) and not coalesce(linked.has_open_inquiry, false)
        and coalesce(linked.inquiry_closed_at <= dealt.completed_at, true) as is_resolved_here,
    contact.source_id,
    contact.load_id,
    contact.line_no
from dealt
join contact using (contact_id)
left join linked using (contact_id)
left join (select request_type, any_value(kind) as kind from lake.request_type group by request_type) as request_type
    on request_type.request_type = contact.request_type
