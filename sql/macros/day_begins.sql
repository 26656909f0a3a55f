-- the instant at which an operating day begins
create or replace macro day_begins(day) as
    make_timestamp(epoch_us(timezone('$timezone', day::timestamp + to_milliseconds($day_starts_ms))))
