-- an instant as the centre's clocks showed it
create or replace macro local_time(instant) as
    convert_timezone('UTC', '$timezone', instant)
