-- the instant at which an instant's interval began
create or replace macro interval_start(instant, length_ms) as
    timestampadd(MILLISECOND, -(unix_millis(local_time(instant)) % length_ms), instant)
