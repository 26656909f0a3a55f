-- the instant at which the centre's clocks showed a local time
create or replace macro instant_of(shown) as
    instant_in('$timezone', shown)
