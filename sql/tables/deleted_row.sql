-- one row per row of a fact that its source deleted, with its content as JSON but for what may tell of a person
create table if not exists lake.deleted_row (
    table_name varchar not null,
    source_id varchar not null,
    source_key varchar not null,
    load_id integer not null,
    line_no bigint not null,
    exported_at timestamp not null,
    deleted_seen_at timestamp not null,
    deleted_by_load integer not null,
    content varchar
)
