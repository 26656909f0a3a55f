-- an instant as the centre's clocks showed it (made an instant of UTC by its count: `at time zone` takes far longer)
create or replace macro local_time(instant) as
    timezone('$timezone', make_timestamptz(epoch_us(instant)))
