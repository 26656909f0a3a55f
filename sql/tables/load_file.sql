-- one row per file that was offered, accepted or rejected
create table if not exists lake.load_file (
    load_id integer not null,
    source_id varchar,
    layout varchar,
    file_name varchar not null,
    sha256 varchar,
    bytes bigint,
    encoding varchar,
    delimiter varchar,
    exported_at timestamp,
    loaded_at timestamp not null,
    verdict varchar not null,
    reason varchar,
    rows_read bigint,
    good bigint,
    quarantined bigint,
    duplicate bigint,
    blank bigint,
    data_from timestamp,
    data_to timestamp
)
