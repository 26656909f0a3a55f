-- one row per criterion that a sheet has
with columns_of_a_sheet as (
    select
        null::varchar as form_id,
        null::varchar as form_version,
        null::double as item_most,
        null::struct(key varchar, text varchar, value varchar)[] as items
    where false
),
evaluations as (
    select * from columns_of_a_sheet
    union all by name
    select * from typed_row
),
criteria as (
    select * exclude (items, item), item.key as item_id, item.text as text
    from (select *, unnest(items) as item from evaluations)
)
select
    form_id,
    form_version,
    item_id,
    item_id as stable_item_key,
    text,
    'number' as type,
    item_most as max_points,
    'none' as critical_class,
    false as autofail,
    form_id || ' ' || form_version || ' ' || item_id as source_key,
    load_id, line_no, exported_at, time_q,
    md5_number_lower(text) as row_hash
from criteria
qualify row_number() over (partition by form_id, form_version, item_id order by exported_at desc, load_id desc, line_no) = 1
