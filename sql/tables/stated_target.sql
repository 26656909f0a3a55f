-- one row per target that a file states: of a metric, for whom it is meant (all null: the centre), and from when
create table if not exists lake.stated_target (
    stated_target_id bigint not null,
    metric varchar not null,
    queue_id varchar,
    request_type varchar,
    department varchar,
    goal double,
    within_ms bigint,
    valid_from date not null,
    valid_to date,
    source_id varchar not null,
    source_key varchar not null,
    load_id integer not null,
    line_no bigint not null,
    exported_at timestamp not null,
    deleted_seen_at timestamp,
    time_q varchar,
    row_hash ubigint
)
