-- one row per metric and definition of it that figures were built by, from the moment of the first load that used it
create table if not exists lake.definition (
    metric varchar not null,
    metric_id varchar not null,
    version integer not null,
    fingerprint varchar not null,
    title varchar not null,
    formula varchar not null,
    since timestamp not null
)
