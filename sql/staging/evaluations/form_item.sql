-- one row per item that evaluations of a form used
with columns_of_an_item as (
    select
        null::varchar as form_id,
        null::varchar as form_version,
        null::varchar as item_id,
        null::varchar as section,
        null::varchar as item_text,
        null::varchar as item_type,
        null::double as item_weight,
        null::double as max_points,
        null::varchar as critical_class
    where false
),
items as (
    select * from columns_of_an_item
    union all by name
    select * from typed_row
)
select
    form_id,
    form_version,
    item_id,
    item_id as stable_item_key,
    section,
    coalesce(item_text, item_id) as text,
    coalesce(lower(item_type), 'number') as type,
    max_points,
    item_weight as weight,
    coalesce(critical_class, 'none') as critical_class,
    critical_class is not null as autofail,
    form_id || ' ' || form_version || ' ' || item_id as source_key,
    load_id, line_no, exported_at, time_q,
    md5_number_lower(concat_ws(chr(31), section, item_text, item_weight, critical_class)) as row_hash
from items
where item_id is not null
qualify row_number() over (
    partition by form_id, form_version, item_id order by exported_at desc, load_id desc, max_points desc nulls last, line_no
) = 1
