-- one row per department or queue that keeps the hours of a calendar; null name: all that are not named
create table if not exists lake.calendar_use (
    kind varchar not null,
    name varchar,
    calendar_id varchar not null
)
