-- one row per name whose meaning has just changed, and per person, queue or department whom it meant or means
create or replace temp table changed_name as
with now as (
    select kind, of_source, alias, entity_id, valid_from, valid_to
    from lake.alias
    where deleted_seen_at is null
),
changed as (
    (from now except from alias_before)
    union
    (from alias_before except from now)
)
select kind, alias as name from changed
union
select kind, entity_id from changed
