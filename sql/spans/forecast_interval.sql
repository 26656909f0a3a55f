-- one queue in one planning interval: what was forecast, and what came
with known as (
    -- calls are known up to the end of the last day that has any, or the export that brought them: what was forecast for
    -- a later time has not come yet
    select least(day_begins(operating_day(max(leg.queue_enter_at)) + 1), max(source_cutoff.cutoff_at)) as until_at
    from lake.leg
    join source_cutoff using (source_id)
),
forecasts as (
    select
        queue_id as queue,
        interval_start_at as starts_at,
        max(interval_ms) as interval_ms,
        max(value) filter (where item = 'offered_f') as offered_forecast,
        max(value) filter (where item = 'aht_f_ms') as handle_forecast_ms,
        max(value) filter (where item = 'required_f') as required,
        any_value(source_id) as source_id,
        max(load_id) as load_id,
        max(line_no) as line_no
    from lake.interval_stat
    cross join known
    where interval_start_at + to_milliseconds(interval_ms) <= until_at and item in ('offered_f', 'aht_f_ms', 'required_f')
        and interval_start_at >= first_day - interval 2 day and interval_start_at < until_day + interval 2 day
    group by queue_id, interval_start_at
),
came as (
    select forecasts.queue, forecasts.starts_at, count(*) as offered
    from forecasts
    join visit on visit.queue = forecasts.queue
        and visit.arrived_at >= forecasts.starts_at and visit.arrived_at < forecasts.starts_at + to_milliseconds(forecasts.interval_ms)
    where visit.is_live and visit.visit_no = 1 and visit.outcome <> 'refused'
        and visit.arrived_at >= first_day - interval 2 day and visit.arrived_at < until_day + interval 2 day
    group by forecasts.queue, forecasts.starts_at
)
select
    forecasts.*,
    false as is_day_only,
    coalesce(came.offered, 0) as offered,
    abs(offered_forecast - coalesce(came.offered, 0)) as absolute_error,
    offered_forecast - coalesce(came.offered, 0) as error
from forecasts
left join came using (queue, starts_at)
