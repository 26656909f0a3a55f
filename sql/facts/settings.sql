-- one row: the centre's settings, the first month of its fiscal year and the hours of the week that it calls peak hours
select
    name,
    timezone,
    day_starts_ms,
    interval_ms,
    short_abandon_ms,
    coalesce((select max(number) from lake.rule where name = 'fiscal_month'), 1)::integer as fiscal_month,
    coalesce((select list(iso_weekday * 24 + hour order by iso_weekday, hour) from lake.peak_hour), []) as peak_hours
from lake.centre
