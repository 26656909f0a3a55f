-- one row per request type or department and period of validity: how long a request may take, by the clock that counts
create table if not exists lake.request_target (
    metric varchar not null,
    request_type varchar,
    department varchar,
    goal double,
    within_ms bigint,
    is_business_time boolean not null,
    valid_from date not null,
    valid_to date
)
