-- one row per name under which a thing is known to a source
create table if not exists lake.alias (
    kind varchar not null,
    source_id varchar not null,
    alias varchar not null,
    entity_id varchar,
    valid_from date,
    valid_to date,
    how varchar
)
