-- one row per vendor code and period of validity
create table if not exists lake.code_map (
    source_id varchar not null,
    domain varchar not null,
    code varchar not null,
    label varchar,
    canonical varchar,
    valid_from date,
    valid_to date
)
