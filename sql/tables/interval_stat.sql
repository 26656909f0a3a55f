-- one row per item that a system reports for an interval
create table if not exists lake.interval_stat (
    stat_id bigint not null,
    scope varchar,
    queue_id varchar,
    agent_id varchar,
    interval_start_at timestamp,
    interval_ms bigint,
    item varchar not null,
    value double,
    unit varchar,
    is_additive boolean,
    is_complete boolean,
    source_id varchar not null,
    source_key varchar not null,
    load_id integer not null,
    line_no bigint not null,
    exported_at timestamp not null,
    deleted_seen_at timestamp,
    time_q varchar not null,
    row_hash ubigint not null,
    extra varchar,
    as_named varchar
)
