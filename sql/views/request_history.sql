-- one row per service request with what happened on its way: hand-off, changes of department or type, contacts about it
with events as (
    select
        case_id,
        min(happened_at) filter (where event = 'assigned') as handed_off_at,
        bool_or(event = 'reassigned' or (event = 'assigned' and from_value is not null and from_value is distinct from to_value)) as is_reassigned,
        bool_or(event = 'field' and field = 'request_type') as is_retyped,
        bool_or(event = 'returned') as is_returned,
        bool_or(event = 'escalated') as is_escalated
    from lake.case_event
    group by case_id
),
contacts as (
    select
        case_id,
        count(distinct contact_id) as contacts,
        count(distinct contact_id) filter (where role = 'status_inquiry') as status_inquiries,
        min(entered_at) as first_contact_at
    from contact_link
    group by case_id
),
worked as (
    -- the contact that opened the case ended when its last leg was finished
    select contact_link.case_id, max(coalesce(leg.acw_end_at, leg.released_at)) as contact_ended_at
    from contact_link
    join lake.leg using (contact_id)
    where contact_link.role = 'create'
    group by contact_link.case_id
),
described as (
    -- a source that never fills a field is not asked for it
    select
        source_id,
        bool_or(area is not null) as has_area,
        bool_or(description is not null) as has_description,
        bool_or(title is not null) as has_title,
        bool_or(promised_at is not null) as has_promise
    from lake.service_case
    group by source_id
),
filled as (
    select
        case_id,
        (request_type is not null and lower(trim(request_type)) not in ('', '-', '.', 'n/a', 'none', 'unknown', 'test', 'tbd', 'x'))::integer
            as type_filled,
        case when has_area then (area is not null and lower(trim(area)) not in ('', '-', '.', 'n/a', 'none', 'unknown', 'test', 'tbd', 'x'))::integer end
            as area_filled,
        case when has_description then (length(trim(coalesce(description, ''))) >= rule('description_letters', 10))::integer end as description_filled,
        case when has_title then (title is not null and lower(trim(title)) not in ('', '-', '.', 'n/a', 'none', 'unknown', 'test', 'tbd', 'x'))::integer end
            as title_filled,
        case when has_promise then (promised_at is not null)::integer end as promise_filled
    from lake.service_case
    join described using (source_id)
)
select
    request.*,
    events.handed_off_at,
    coalesce(events.is_reassigned, false) as is_reassigned,
    coalesce(events.is_retyped, false) as is_retyped,
    coalesce(events.is_returned, false) as is_returned,
    coalesce(events.is_escalated, false) as is_escalated,
    epoch_ms(request.created_at) + rule('routing_days', 30) * 86400000 <= epoch_ms(request.cutoff_at) as is_routing_known,
    coalesce(contacts.contacts, 0) as contacts,
    coalesce(contacts.status_inquiries, 0) as status_inquiries,
    -- greatest() alone would make 0 of a request that no contact opened
    case
        when worked.contact_ended_at is not null
        then greatest(epoch_ms(events.handed_off_at) - epoch_ms(worked.contact_ended_at), 0)
    end as hand_off_ms,
    type_filled + coalesce(area_filled, 0) + coalesce(description_filled, 0) + coalesce(title_filled, 0) + coalesce(promise_filled, 0)
        as fields_filled,
    1 + (area_filled is not null)::integer + (description_filled is not null)::integer + (title_filled is not null)::integer
        + (promise_filled is not null)::integer as fields_asked
from request
left join events using (case_id)
left join contacts using (case_id)
left join worked using (case_id)
join filled using (case_id)
