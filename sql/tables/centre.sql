-- one row: the centre's own settings
create table if not exists lake.centre (
    name varchar not null,
    timezone varchar not null,
    day_starts_ms bigint not null,
    interval_ms bigint not null,
    short_abandon_ms bigint not null,
    settings_hash varchar not null
)
