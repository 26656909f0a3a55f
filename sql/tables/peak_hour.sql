-- one row per hour of the week that the centre calls a peak hour
create table if not exists lake.peak_hour (
    iso_weekday integer not null,
    hour integer not null
)
