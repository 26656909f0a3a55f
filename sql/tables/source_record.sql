-- one row per record of a source whose facts come of several records together; `fields` is the typed row as JSON
create table if not exists lake.source_record (
    record_id bigint not null,
    kind varchar not null,
    about varchar not null,
    group_key varchar not null,
    happened_at timestamp,
    fields varchar,
    source_id varchar not null,
    source_key varchar not null,
    load_id integer not null,
    line_no bigint not null,
    exported_at timestamp not null,
    deleted_seen_at timestamp,
    time_q varchar not null,
    row_hash ubigint not null,
    extra varchar
)
