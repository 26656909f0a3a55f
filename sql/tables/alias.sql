-- one row per name by which exports call a person, a queue or a department, and the days on which it is theirs
create table if not exists lake.alias (
    kind varchar not null,
    source_id varchar not null,
    alias varchar not null,
    entity_id varchar,
    valid_from date,
    valid_to date,
    how varchar,
    alias_id bigint,
    of_source varchar,
    source_key varchar,
    load_id integer,
    line_no bigint,
    exported_at timestamp,
    deleted_seen_at timestamp,
    time_q varchar,
    row_hash ubigint,
    extra varchar
)
