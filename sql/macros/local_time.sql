-- an instant as the centre's clocks showed it
create or replace macro local_time(instant) as
    timezone('$timezone', instant at time zone 'UTC')
