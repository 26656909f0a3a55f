-- one row per contact and case that belong together
create table if not exists lake.contact_case (
    contact_id bigint not null,
    case_id bigint,
    case_number varchar not null,
    role varchar,
    method varchar,
    confidence double,
    decided_at timestamp,
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
