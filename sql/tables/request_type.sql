-- one row per request type that the centre named: whether it asks for information or for work, and by when it is due
create table if not exists lake.request_type (
    request_type varchar not null,
    kind varchar,
    department varchar
)
