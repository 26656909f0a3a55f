-- one row per span in which a calendar is open, from lists of the same length
insert into lake.calendar
select
    unnest($calendar_id::varchar[]),
    unnest($on_day::date[]),
    unnest($span_no::integer[]),
    unnest($timezone::varchar[]),
    unnest($open_from::time[]),
    unnest($open_to::time[]),
    unnest($holiday_name::varchar[])
