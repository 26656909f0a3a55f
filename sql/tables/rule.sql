-- one row per number that the centre set for its own reckoning: windows, limits, the first month of its fiscal year
create table if not exists lake.rule (
    name varchar not null,
    number double not null
)
