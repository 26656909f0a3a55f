-- one row per queue that the centre named
create table if not exists lake.queue (
    queue_id varchar not null,
    name varchar,
    channel varchar,
    language varchar,
    calendar_id varchar,
    valid_from date,
    valid_to date
)
