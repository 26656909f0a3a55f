-- one row per metric, queue (null: the centre) and period of validity
create table if not exists lake.target (
    metric varchar not null,
    queue_id varchar,
    goal double,
    within_ms bigint,
    valid_from date not null,
    valid_to date
)
