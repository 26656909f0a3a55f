-- one row per answered item of an evaluation
select
    evaluated_item.evaluation_id,
    evaluation.evaluation_key,
    evaluation.contact_id,
    evaluation.contact_key,
    evaluation.held_at,
    evaluation.is_day_only,
    evaluation.agent,
    evaluation.team,
    evaluation.shift,
    evaluation.evaluator,
    evaluation.form,
    evaluation.form_version,
    evaluation.queue,
    evaluation.channel,
    evaluation.language,
    evaluation.request_type,
    evaluation.type,
    evaluation.selection,
    evaluation.session,
    evaluation.standing,
    evaluation.is_counted,
    evaluation.is_in_sample,
    evaluated_item.section,
    coalesce(evaluated_item.item_key, evaluated_item.item_id) as item,
    evaluated_item.text,
    evaluated_item.critical_class,
    evaluated_item.points,
    evaluated_item.most,
    evaluated_item.earned,
    evaluated_item.is_scored,
    evaluated_item.is_na,
    evaluated_item.is_applicable,
    -- scored + not applicable + not scored + missing are all answers (I11)
    case
        when not evaluated_item.is_scored then 'not scored'
        when evaluated_item.is_na then 'not applicable'
        when evaluated_item.points is not null then 'scored'
        else 'missing'
    end as outcome,
    evaluated_item.is_applicable
        and (
            coalesce(evaluated_item.failed_autofail, false)
            or coalesce(evaluated_item.points, 0) < coalesce(evaluated_item.passing_points, 0)
        ) as failed,
    evaluated_item.source_id,
    evaluated_item.load_id,
    evaluated_item.line_no
from evaluated_item
join evaluation using (evaluation_id)
where evaluated_item.is_answered
