-- the operating day of an instant: the centre's local date, reckoned from the hour at which its day starts
create or replace macro operating_day(instant) as
    cast(timestampadd(MILLISECOND, -$day_starts_ms, local_time(instant)) as date)
