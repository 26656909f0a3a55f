-- one row per event of a service request
select
    case_event.case_event_id,
    case_event.case_id,
    request.case_number,
    case_event.happened_at,
    false as is_day_only,
    case_event.event,
    -- a closure stands when no later event undid it
    case_event.event = 'closed' and request.is_closed and case_event.happened_at = request.closed_at as is_standing,
    request.department,
    request.request_type,
    request.channel,
    request.created_at,
    request.closed_at,
    request.status,
    case_event.source_id,
    case_event.load_id,
    case_event.line_no
from lake.case_event
join request using (case_id)
