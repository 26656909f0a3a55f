-- the instant at which an operating day begins
create or replace macro day_begins(day) as
    instant_in('$timezone', timestampadd(MILLISECOND, $day_starts_ms, cast(day as timestamp_ntz)))
