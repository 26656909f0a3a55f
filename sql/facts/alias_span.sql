-- one row per source, name and span of time in which the name stands for a person, a queue or a department
create or replace temp table alias_span as
with sources as (
    select source_id from lake.load_file where source_id is not null
    union
    -- the one that is being loaded for the first time
    select $source where $source is not null
),
spells as (
    select kind, of_source, alias, entity_id, coalesce(valid_from, date '1900-01-01') as valid_from, valid_to
    from lake.alias
    where deleted_seen_at is null
    -- what centre.toml says of a name goes before what a file says of it
    qualify row_number() over (
        partition by kind, of_source, alias, coalesce(valid_from, date '1900-01-01')
        order by how <> 'setting', exported_at desc, alias_id
    ) = 1
),
ended as (
    -- a later spell of a name ends the one before it
    select
        * replace (
            least(
                coalesce(valid_to, date '9999-12-31'),
                coalesce(
                    lead(valid_from) over (partition by kind, of_source, alias order by valid_from), date '9999-12-31'
                )
            ) as valid_to
        )
    from spells
)
select
    sources.source_id,
    ended.kind,
    ended.alias as name,
    ended.entity_id,
    day_begins(ended.valid_from) as from_at,
    day_begins(ended.valid_to) as until_at
from ended
join sources on ended.of_source is null or ended.of_source = sources.source_id
where ended.of_source is not null
    -- a source's own word for a name goes before the general one
    or (ended.kind, ended.alias, sources.source_id) not in (
        select (kind, alias, of_source) from ended where of_source is not null
    )
