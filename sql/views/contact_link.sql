-- one row per contact and case that belong together: whether the contact opened the case or asked what became of it
select
    contact_case.contact_id,
    contact.contact_key,
    contact.entered_at,
    contact.is_day_only,
    contact.queue,
    contact.channel,
    contact.language,
    contact.direction,
    service_case.case_id,
    contact_case.case_number,
    service_case.kind,
    service_case.department,
    service_case.request_type,
    service_case.created_at,
    service_case.closed_at,
    coalesce(
        contact_case.role,
        case when service_case.created_at < contact.entered_at then 'status_inquiry' else 'create' end
    ) as role,
    contact_case.source_id,
    contact_case.load_id,
    contact_case.line_no
from lake.contact_case
join contact using (contact_id)
join (
    select number, any_value(case_id) as case_id, any_value(kind) as kind, any_value(department) as department,
        any_value(request_type) as request_type, any_value(created_at) as created_at, any_value(closed_at) as closed_at
    from lake.service_case
    group by number
) as service_case on service_case.number = contact_case.case_number
