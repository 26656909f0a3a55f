-- the instant at which an operating day begins
create or replace macro day_begins(day) as
    timezone('$timezone', day::timestamp + to_milliseconds($day_starts_ms)) at time zone 'UTC'
