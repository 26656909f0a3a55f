-- one row: the centre's settings, the rules that it set for itself, the hours of the week that it calls peak hours, and
-- whether it sets itself a time in which to close requests
select
    centre.*,
    rules.names as rule_names,
    rules.numbers as rule_numbers,
    coalesce(peak.hours, []) as peak_hours,
    due.targets > 0 as sets_deadlines
from (select name, timezone, day_starts_ms, interval_ms, short_abandon_ms from lake.centre) as centre
cross join (select list(name order by name, number) as names, list(number order by name, number) as numbers from lake.rule) as rules
cross join (select list(iso_weekday * 24 + hour order by iso_weekday, hour) as hours from lake.peak_hour) as peak
cross join (select count(*) as targets from lake.request_due) as due
