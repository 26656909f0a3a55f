-- one row per span in which a calendar is open
create table if not exists lake.calendar (
    calendar_id varchar not null,
    on_day date not null,
    span_no integer not null,
    timezone varchar,
    open_from time,
    open_to time,
    holiday_name varchar
)
