-- one row per visit of a contact to a queue while the queue was open by its calendar
select visit.*
from visit
join queue_calendar using (queue)
asof join opening on opening.calendar_id = queue_calendar.calendar_id and visit.arrived_at >= opening.opens_at
where visit.arrived_at < opening.closes_at
