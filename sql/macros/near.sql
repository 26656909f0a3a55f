-- whether an instant lies within two days of some days: told from the bounds of a file, before any instant's own day is reckoned
create or replace macro near(instant, days) as
    instant >= list_min(days)::timestamp - interval 2 day and instant < list_max(days)::timestamp + interval 3 day
