-- one row per line that could not be taken
create table if not exists lake.quarantine (
    load_id integer not null,
    line_no bigint not null,
    column_name varchar,
    reason varchar not null,
    raw varchar
)
