-- the instant at which an instant's interval began; the hour that a clock change repeats keeps both its passings apart
create or replace macro interval_start(instant, length_ms) as
    instant - to_milliseconds(epoch_ms(local_time(instant)) % length_ms)
