-- one row per handled contact that belongs to a case, and whether it was resolved there and then
with linked as (
    select
        contact_case.contact_id,
        bool_or(service_case.kind = 'information') as is_information,
        bool_or(service_case.kind = 'request') as has_request,
        bool_and(service_case.status in ('resolved', 'closed', 'duplicate', 'cancelled', 'merged'))
            filter (where service_case.kind = 'information') as is_decided,
        max(coalesce(service_case.first_closed_at, service_case.closed_at))
            filter (where service_case.kind = 'information') as closed_at,
        bool_or(service_case.first_contact_resolution_vendor)
            filter (where service_case.kind = 'information') as vendor_says
    from (select distinct contact_id, case_number from lake.contact_case) as contact_case
    join lake.service_case on service_case.number = contact_case.case_number
    group by contact_case.contact_id
),
dealt as (
    select
        contact_id,
        arg_max(agent, completed_at) as agent,
        arg_max(queue, completed_at) as queue,
        arg_max(shift, completed_at) as shift,
        max(completed_at) as completed_at,
        bool_or(coalesce(transfer_class, '') in ('department', '911', 'external')) as left_the_centre
    from handled_leg
    where is_inbound
        and completed_at >= $first::date - interval 2 day and completed_at < $until::date + interval 2 day
    group by contact_id
)
select
    dealt.contact_id as row_id,
    dealt.agent,
    operating_day(dealt.completed_at) as day,
    case when not contact.is_day_only then date_part('hour', local_time(contact.entered_at)) end as hour,
    dealt.queue,
    contact.channel,
    contact.direction,
    contact.language,
    contact.request_type,
    dealt.shift,
    membership.site,
    linked.is_information,
    linked.is_decided,
    coalesce(
        linked.vendor_says,
        not dealt.left_the_centre and not linked.has_request and linked.closed_at <= dealt.completed_at,
        false
    ) as is_resolved
from dealt
join linked using (contact_id)
join contact using (contact_id)
left join membership
    on membership.agent_id = dealt.agent
    and operating_day(dealt.completed_at) >= membership.valid_from
    and operating_day(dealt.completed_at) < membership.valid_to
where operating_day(dealt.completed_at) >= $first::date and operating_day(dealt.completed_at) < $until::date
order by dealt.agent, dealt.contact_id
