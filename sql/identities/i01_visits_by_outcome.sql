-- one row per queue and day whose visits offered are not answered + abandoned + short abandoned + flow-outs + pending
select
    queue || ' on ' || operating_day(arrived_at) as place,
    count(*)::double as stated,
    count(*) filter (where outcome in ('answered', 'abandoned', 'short_abandoned', 'flow_out', 'pending'))::double as found
from visit
group by queue, operating_day(arrived_at)
having stated <> found
