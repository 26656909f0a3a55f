-- one row per calibration session
select
    session,
    count(distinct contact_id) as contacts,
    count(distinct evaluator) as evaluators,
    count(*) as evaluations,
    min(operating_day(held_at)) as first_on,
    max(operating_day(held_at)) as last_on
from evaluation
where session is not null and type = 'calibration' and standing = 'calibration'
group by session
order by first_on, session
