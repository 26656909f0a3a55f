-- one row per answer of evaluations of contacts held in a period, or of a calibration session
select
    evaluation_id,
    contact_id,
    contact_key,
    operating_day(held_at) as held_on,
    agent,
    team,
    evaluator,
    form,
    form_version,
    type,
    standing,
    is_counted,
    is_in_sample,
    section,
    item,
    text,
    critical_class,
    points,
    most,
    is_scored,
    is_na,
    is_applicable,
    failed
from answer
where ($session is not null and session = $session)
    or ($session is null and operating_day(held_at) >= $first and operating_day(held_at) < $until)
order by held_at, evaluation_id, item
