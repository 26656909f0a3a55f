-- one row per metric, request type or department, and period of validity
create table if not exists lake.request_target (
    metric varchar not null,
    request_type varchar,
    department varchar,
    goal double not null,
    valid_from date not null,
    valid_to date
)
