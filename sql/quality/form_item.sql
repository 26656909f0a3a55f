-- one row per item of a version of an evaluation form, in the order of the form
select
    form_id,
    form_version,
    item_id,
    coalesce(stable_item_key, item_id) as item_key,
    coalesce(section, '') as section,
    coalesce(section_title, section, '') as section_title,
    section_weight,
    coalesce(text, item_id) as text,
    coalesce(type, 'number') as type,
    coalesce(weight, 0) as weight,
    coalesce(least_points, 0) as least,
    max_points as most,
    passing_points,
    coalesce(critical_class, 'none') as critical_class,
    coalesce(autofail_scope, 'none') as autofail,
    coalesce(is_scored, true) as is_scored,
    coalesce(na_allowed, true) as may_not_apply,
    coalesce(options, '[]') as options,
    shown_if,
    coalesce(guidance, '') as guidance
from lake.form_item
where deleted_seen_at is null
qualify row_number() over (partition by form_id, form_version, item_id order by source_id) = 1
order by form_id, form_version, coalesce(position, line_no)
