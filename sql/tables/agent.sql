-- one row per person who takes contacts
create table if not exists lake.agent (
    agent_id varchar not null,
    display_name varchar,
    email_hash varchar,
    hired_on date,
    left_on date,
    is_person boolean,
    languages varchar,
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
