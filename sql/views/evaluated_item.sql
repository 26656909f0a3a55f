-- one row per evaluation and item of its form version, answered or not, and per answer to an item that is not on it
with answered as (
    select
        evaluation.evaluation_id,
        evaluation.form_id,
        evaluation.form_version,
        answer.item_id,
        answer.occurrence,
        answer.points,
        answer.max_points,
        coalesce(answer.is_na, false) as is_na,
        answer.failed_autofail,
        answer.value_text,
        answer.comment,
        answer.source_id,
        answer.load_id,
        answer.line_no
    from lake.answer
    join lake.evaluation using (evaluation_id)
    where answer.deleted_seen_at is null and evaluation.deleted_seen_at is null
),
item as (
    select *
    from lake.form_item
    where deleted_seen_at is null
    -- a form that came from two sources is one form
    qualify row_number() over (partition by form_id, form_version, item_id order by source_id) = 1
),
asked as (
    select evaluation.evaluation_id, item.* exclude (source_id, load_id, line_no), true as is_on_form
    from lake.evaluation
    join item using (form_id, form_version)
    where evaluation.deleted_seen_at is null
        -- an export of totals has no answers at all, which is not the same as leaving every item blank
        and evaluation_id in (select evaluation_id from lake.answer where deleted_seen_at is null)
),
paired as (
    select
        coalesce(asked.evaluation_id, answered.evaluation_id) as evaluation_id,
        coalesce(asked.form_id, answered.form_id) as form_id,
        coalesce(asked.form_version, answered.form_version) as form_version,
        coalesce(asked.item_id, answered.item_id) as item_id,
        asked.stable_item_key as item_key,
        coalesce(asked.is_on_form, false) as is_on_form,
        answered.evaluation_id is not null as is_answered,
        asked.section,
        asked.section_weight,
        asked.text,
        asked.weight,
        coalesce(asked.critical_class, 'none') as critical_class,
        coalesce(asked.autofail_scope, 'none') as autofail_scope,
        coalesce(asked.is_scored, true) as is_scored,
        asked.shown_if is not null as is_conditional,
        coalesce(asked.least_points, 0) as least,
        coalesce(asked.max_points, answered.max_points) as most,
        asked.passing_points,
        answered.max_points is distinct from coalesce(asked.max_points, answered.max_points)
            and answered.max_points is not null as has_other_scale,
        answered.occurrence,
        case when not answered.is_na then answered.points end as points,
        answered.failed_autofail,
        coalesce(answered.is_na, false) as is_na,
        answered.value_text,
        answered.comment,
        answered.source_id,
        answered.load_id,
        answered.line_no
    from asked
    full join answered on answered.evaluation_id = asked.evaluation_id and answered.item_id = asked.item_id
)
select
    paired.* exclude (is_scored),
    paired.is_scored and paired.is_on_form as is_scored,
    -- the form version is known, and the item is not on it
    not paired.is_on_form and (form_id, form_version) in (select (form_id, form_version) from item) as is_off_form,
    coalesce(form.inside, 'weight') as inside,
    coalesce(form.across, 'items') as across,
    coalesce(form.na, 'leave') as na,
    coalesce(form.critical, 'separate') as critical,
    form.pass_at,
    -- blank and not hidden by a condition: what the form makes of it
    paired.is_scored and paired.is_on_form and not paired.is_na and paired.points is null and not paired.is_conditional
        and coalesce(form.blank, 'incomplete') = 'incomplete' as is_missing,
    paired.is_scored and paired.is_on_form and not paired.is_na
        and (paired.points is not null or (form.blank = 'zero' and not paired.is_conditional)) as is_applicable,
    paired.points is not null
        and (paired.points < paired.least or paired.points > paired.most or paired.has_other_scale) as is_outside_scale,
    case coalesce(form.inside, 'weight') when 'even' then 1 when 'points' then paired.most else paired.weight end as counts,
    (coalesce(paired.points, 0) - if(coalesce(form.from_least, false), paired.least, 0))
        / nullif(paired.most - if(coalesce(form.from_least, false), paired.least, 0), 0) as earned
from paired
left join lake.form as form using (form_id, form_version)
