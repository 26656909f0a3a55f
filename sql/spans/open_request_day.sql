-- one service request on one operating day on which it was open
with days as (
    select
        open_spell.*,
        unnest(generate_series(
            greatest(operating_day(opened_at), first_day),
            -- of a day that its source has not told yet nothing is known
            least(operating_day(coalesce(closed_at, cutoff_at)), operating_day(cutoff_at), until_day - 1),
            interval 1 day
        ))::date as day
    from open_spell
    join source_cutoff using (source_id)
    where opened_at < until_day + interval 2 day and coalesce(closed_at, timestamp '9000-01-01') >= first_day - interval 2 day
)
select
    days.*,
    day_begins(day) as day_at,
    true as is_day_only,
    exists (
        from lake.case_event
        where case_event.case_id = days.case_id and case_event.event = 'escalated' and operating_day(case_event.happened_at) = days.day
    ) as is_escalated,
    exists (
        from contact_link
        where contact_link.case_id = days.case_id and contact_link.role = 'status_inquiry' and operating_day(contact_link.entered_at) = days.day
    ) as is_chased
from days
