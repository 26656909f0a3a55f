-- one row per event of the cases that a contact opened or asked about
select
    service_case.number,
    service_case.request_type,
    service_case.department,
    service_case.description,
    service_case.status,
    service_case.due_at,
    service_case.promised_at,
    service_case.closed_at,
    case_event.event,
    case_event.happened_at,
    case_event.from_value,
    case_event.to_value,
    case_event.time_q,
    load_file.file_name,
    case_event.line_no
from lake.contact_case
join lake.service_case on service_case.number = contact_case.case_number
join lake.case_event on case_event.case_id = service_case.case_id
left join lake.load_file on load_file.load_id = case_event.load_id
where contact_case.contact_id = $contact_id
order by service_case.number, case_event.seq
