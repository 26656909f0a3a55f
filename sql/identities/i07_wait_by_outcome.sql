-- one row per queue whose waits of all are not those of answered + abandoned + short abandoned + flow-outs + pending
select
    queue as place,
    sum(wait_ms)::double as stated,
    (
        coalesce(sum(wait_ms) filter (where outcome = 'answered'), 0)
        + coalesce(sum(wait_ms) filter (where outcome in ('abandoned', 'short_abandoned')), 0)
        + coalesce(sum(wait_ms) filter (where outcome in ('flow_out', 'pending')), 0)
    )::double as found
from visit
group by queue
having stated <> found
