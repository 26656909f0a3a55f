-- one row per spell of an agent in a team; valid_to is exclusive
create table if not exists lake.team_member (
    agent_id varchar not null,
    team_id varchar not null,
    role varchar,
    supervisor_id varchar,
    site varchar,
    shift varchar,
    valid_from date not null,
    valid_to date,
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
