-- a number that the centre set for its own reckoning, or what holds where it set none
create or replace macro rule(wanted, otherwise) as
    coalesce((select max(number) from lake.rule where name = wanted), otherwise)
