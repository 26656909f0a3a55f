-- one row per span of time of which an export of a layout held every row: what it lacked there was deleted by then
create table if not exists lake.full_window (
    source_id varchar not null,
    layout varchar not null,
    from_at timestamp not null,
    until_at timestamp not null,
    exported_at timestamp not null,
    load_id integer not null
)
