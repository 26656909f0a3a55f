-- one row per thing that happened inside a leg
create table if not exists lake.leg_event (
    leg_event_id bigint not null,
    leg_id bigint,
    contact_id bigint,
    type varchar,
    start_at timestamp,
    end_at timestamp,
    dur_ms bigint,
    agent_id varchar,
    queue_id varchar,
    result varchar,
    value varchar,
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
