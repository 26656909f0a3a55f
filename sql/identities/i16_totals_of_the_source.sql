-- calls offered, counted call by call, are the totals that the same system reports for the day, within 1 %
with counted as (
    select source_id, arrived_on as day, count(*) as offered
    from visit
    where visit_no = 1 and is_live and outcome <> 'refused' and near(arrived_at, $days::date[])
        and arrived_on in (select unnest($days::date[]))
    group by all
)
select
    reported_day.source_id || ' on ' || counted.day as place,
    sum(reported_day.offered)::double as stated,
    any_value(counted.offered)::double as found,
    null::varchar[] as behind
from reported_day
join counted on counted.source_id = reported_day.source_id and counted.day = operating_day(reported_day.interval_start_at)
group by reported_day.source_id, counted.day
having abs(stated - found) > 0.01 * stated
