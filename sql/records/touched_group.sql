-- one row per contact or agent whose records changed, and the span of time in which they did; a record that moved
-- from one group to another touches both
create or replace temp table touched_group as
with moved as (
    select stored.about, stored.group_key, stored.happened_at
    from lake.source_record as stored
    semi join changed_record using (record_id)
),
gone as (
    select about, group_key, happened_at
    from lake.source_record
    where record_id in (select key from gone_source_record)
),
both_ways as (
    select about, group_key, happened_at from changed_record
    union all
    select about, group_key, happened_at from moved
    union all
    select about, group_key, happened_at from gone
)
select
    about,
    group_key,
    -- spells are cut at a day, so what lies two days off cannot be another spell's business
    min(happened_at) - interval 2 days as from_at,
    max(happened_at) + interval 2 days as to_at
from both_ways
group by about, group_key
