-- one planning interval of the centre: agents required over all queues, and the time in which agents were there
with known as (
    -- of what follows the last state that anybody was seen in, it cannot be said who was there
    select greatest(max(start_at), max(end_at)) as until_at
    from lake.agent_state
),
required as (
    select
        interval_start_at as starts_at,
        max(interval_ms) as interval_ms,
        sum(value) as agents_required,
        any_value(source_id) as source_id,
        max(load_id) as load_id,
        max(line_no) as line_no
    from lake.interval_stat
    cross join known
    where item = 'required_f' and interval_start_at + to_milliseconds(interval_ms) <= until_at and interval_start_at >= first_day - interval 2 day and interval_start_at < until_day + interval 2 day
    group by interval_start_at
),
present as (
    select required.starts_at, sum(agent_time.ms) as present_ms
    from required
    join agent_time(first_day - 1, until_day + 1) as agent_time
        on agent_time.started_at >= required.starts_at
        and agent_time.started_at < required.starts_at + to_milliseconds(required.interval_ms)
    where agent_time.is_productive
    group by required.starts_at
)
select
    required.*,
    false as is_day_only,
    coalesce(present_ms, 0) as present_ms,
    agents_required * interval_ms as required_ms,
    greatest(coalesce(present_ms, 0) - agents_required * interval_ms, 0) as over_ms,
    greatest(agents_required * interval_ms - coalesce(present_ms, 0), 0) as under_ms
from required
left join present using (starts_at)
