-- one row per source of exports
create table if not exists lake.source_system (
    source_id varchar not null,
    vendor varchar,
    product varchar,
    kind varchar,
    timezone varchar,
    valid_from date,
    valid_to date
)
