-- one row per message or visitor with its deadline and first answer, by the clock of the opening hours of its queue
with items as (
    select visit.*, queue_calendar.calendar_id, source_cutoff.cutoff_at
    from visit
    join source_cutoff using (source_id)
    left join queue_calendar using (queue)
    where not visit.is_live and visit.visit_no = 1
),
started as (
    select
        items.*,
        opening.open_before_ms + least(epoch_ms(items.arrived_at) - epoch_ms(opening.opens_at), opening.open_ms) as open_at_start_ms
    from items
    asof left join opening on opening.calendar_id = items.calendar_id and items.arrived_at >= opening.opens_at
),
dated as (
    select
        started.*,
        -- without opening hours the calendar's clock counts; at the very end of a window the deadline is its end
        case
            when started.calendar_id is null then started.arrived_at + to_milliseconds(started.target_ms)
            else opening.opens_at + to_milliseconds(started.open_at_start_ms + started.target_ms - opening.open_before_ms)
        end as due_at
    from started
    asof left join opening
        on opening.calendar_id = started.calendar_id and started.open_at_start_ms + started.target_ms > opening.open_before_ms
),
finished as (
    select dated.*, coalesce(dated.answered_at, dated.cutoff_at) as until_at
    from dated
)
select
    finished.*,
    case
        when finished.due_at is null then 'no_target'
        when finished.answered_at <= finished.due_at then 'on_time'
        when finished.answered_at is not null then 'late'
        when finished.due_at <= finished.cutoff_at then 'unanswered'
        else 'not_yet_due'
    end as due_outcome,
    opening.open_before_ms + least(epoch_ms(finished.until_at) - epoch_ms(opening.opens_at), opening.open_ms) - finished.open_at_start_ms
        as business_ms
from finished
asof left join opening on opening.calendar_id = finished.calendar_id and finished.until_at >= opening.opens_at
