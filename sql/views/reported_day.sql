-- one row per day for which a system reports totals without the calls beneath them
select
    source_id,
    interval_start_at,
    true as is_day_only,
    queue_id as queue,
    max(value) filter (where item = 'offered') as offered,
    max(value) filter (where item = 'handled') as handled,
    max(value) filter (where item = 'abandoned') as abandoned,
    max(value) filter (where item = 'speed_of_answer') as speed_of_answer_ms,
    max(value) filter (where item = 'service_level') as service_level,
    max(load_id) as load_id,
    max(line_no) as line_no
from lake.interval_stat
where scope in ('centre', 'queue') and is_complete
group by source_id, interval_start_at, queue_id
