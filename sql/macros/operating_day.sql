-- the operating day of an instant: the centre's local date, reckoned from the hour at which its day starts
create or replace macro operating_day(instant) as
    (local_time(instant) - to_milliseconds($day_starts_ms))::date
