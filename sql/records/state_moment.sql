-- one row per moment that sets the state of an agent
create or replace temp table state_moment (
    moment_key varchar,
    agent_id varchar,
    track varchar,
    happened_at timestamp,
    state varchar,
    state_code varchar,
    reason_code varchar,
    channel varchar,
    queue_id varchar,
    contact_key varchar,
    load_id integer,
    line_no bigint,
    exported_at timestamp,
    time_q varchar,
    row_hash ubigint
)
