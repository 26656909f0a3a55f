-- one row per dispute opened or decided in a period
select
    dispute_key,
    evaluation_key,
    contact_key,
    agent,
    team,
    evaluator,
    form,
    opened_at,
    decided_at,
    decided_by,
    decision,
    items,
    is_decided,
    is_overturned,
    deciding_ms,
    score_before,
    score_after,
    operating_day(opened_at) >= $first and operating_day(opened_at) < $until as opened_in_period,
    is_decided and operating_day(decided_at) >= $first and operating_day(decided_at) < $until as decided_in_period
from dispute
where opened_in_period or decided_in_period
order by opened_at, dispute_key
