-- one row per span in which a request was open; null closed_at: still open
with turns as (
    select
        case_event.case_id,
        case_event.happened_at,
        case_event.event,
        lag(case_event.event) over in_order as event_before,
        min(case when case_event.event = 'closed' then case_event.happened_at end) over (
            partition by case_event.case_id order by case_event.happened_at, case_event.seq
            rows between 1 following and unbounded following
        ) as closed_at
    from lake.case_event
    where case_event.event in ('created', 'reopened', 'closed')
    window in_order as (partition by case_event.case_id order by case_event.happened_at, case_event.seq)
)
select
    turns.case_id,
    request.case_number,
    turns.happened_at as opened_at,
    turns.closed_at,
    request.created_at,
    request.due_at,
    request.department,
    request.request_type,
    request.channel,
    request.status,
    request.is_duplicate,
    request.source_id,
    request.load_id,
    request.line_no
from turns
join request using (case_id)
-- of a closure whose time nobody wrote down it cannot be said until when the request was open
where turns.event <> 'closed' and coalesce(turns.event_before, 'closed') = 'closed'
    and not (request.is_closed and request.closed_at is null)
