-- one row per fact and operating day whose stored measures are out of date; null day: all of them
create table if not exists lake.touched_day (
    fact varchar not null,
    day date
)
