-- one row per table of stored measures that is complete, with the hash of the definitions it was built by
create table if not exists lake.stored_measure (
    table_name varchar not null,
    definition_hash varchar not null
)
