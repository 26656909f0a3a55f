-- one row per evaluation with answers: M65, raw and final, as shares of 1, by the rules of its form version
with judged as (
    select
        *,
        is_applicable and (coalesce(failed_autofail, false) or coalesce(points, 0) < coalesce(passing_points, 0)) as failed
    from evaluated_item
),
marked as (
    select
        *,
        failed and critical_class <> 'none' as failed_critical,
        case critical
            when 'marked' then failed and autofail_scope = 'form'
            when 'zero_form' then failed and critical_class <> 'none'
            when 'zero_below_half' then is_applicable and critical_class <> 'none' and earned < 0.5
            else false
        end as zeroes_form,
        case critical
            when 'marked' then failed and autofail_scope = 'section'
            when 'zero_section' then failed and critical_class <> 'none'
            else false
        end as zeroes_section
    from judged
),
section_sum as (
    select
        evaluation_id,
        section,
        any_value(across) as across,
        any_value(section_weight) as section_weight,
        sum(counts * earned) filter (where is_applicable) as earned,
        sum(earned) filter (where is_applicable) as shares,
        sum(counts) filter (where is_applicable) as applicable,
        -- the weight that items which do not apply hand to the others of their section
        case when any_value(na) = 'spread'
            then coalesce(sum(counts) filter (where is_scored and not is_applicable), 0) else 0
        end as handed_on,
        count(*) filter (where is_applicable) as items,
        bool_or(zeroes_section) as is_zeroed
    from marked
    where is_on_form
    group by evaluation_id, section
),
section_score as (
    select
        evaluation_id,
        section,
        is_zeroed,
        (earned + handed_on / items * shares) / nullif(applicable + handed_on, 0) as score,
        case across
            when 'items' then applicable + handed_on
            when 'weight' then section_weight
            else section_weight * applicable
        end as counts
    from section_sum
    where items > 0
),
form_score as (
    select
        evaluation_id,
        sum(score * counts) / nullif(sum(counts), 0) as raw_score,
        sum(if(is_zeroed, 0, score) * counts) / nullif(sum(counts), 0) as sectioned_score
    from section_score
    where score is not null
    group by evaluation_id
),
form_mark as (
    select
        evaluation_id,
        bool_or(is_on_form) as knows_form,
        bool_or(zeroes_form) as zeroes_form,
        bool_or(zeroes_form or zeroes_section) as is_autofailed,
        any_value(critical) = 'fail' and bool_or(failed and (critical_class <> 'none' or autofail_scope <> 'none')) as fails,
        any_value(pass_at) as pass_at,
        any_value(critical) as critical,
        count(*) filter (where is_missing) as missing,
        case
            when bool_or(is_outside_scale) then 'answer_outside_scale'
            when bool_or(is_missing) then 'incomplete'
            when bool_or(is_off_form) then 'item_not_on_form'
        end as fault,
        bool_or(is_applicable and critical_class = 'customer') as customer_applies,
        bool_or(failed and critical_class = 'customer') as customer_failed,
        bool_or(is_applicable and critical_class = 'business') as business_applies,
        bool_or(failed and critical_class = 'business') as business_failed,
        bool_or(is_applicable and critical_class = 'compliance') as compliance_applies,
        bool_or(failed and critical_class = 'compliance') as compliance_failed,
        sum(counts * earned) filter (where is_applicable) as points_earned,
        sum(counts) filter (where is_applicable) as points_possible
    from marked
    group by evaluation_id
)
select
    form_mark.* exclude (zeroes_form, fails, pass_at, critical),
    case when missing = 0 then raw_score end as raw_score,
    case when missing = 0 and raw_score is not null then if(zeroes_form, 0, sectioned_score) end as final_score,
    case
        when missing > 0 or raw_score is null then null
        when fails then false
        when pass_at is null then case when critical = 'fail' then true end
        else 100 * if(zeroes_form, 0, sectioned_score) >= pass_at
    end as is_passed
from form_mark
left join form_score using (evaluation_id)
