-- one row per dispute of an evaluation
create table if not exists lake.dispute (
    dispute_id bigint not null,
    evaluation_id bigint,
    opened_at timestamp,
    opened_by varchar,
    status varchar,
    decided_at timestamp,
    decided_by varchar,
    decision varchar,
    items varchar,
    score_before double,
    score_after double,
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
