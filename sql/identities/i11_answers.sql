-- answers are scored + not applicable + non-scored ones, each to an item that its form has
with given as (
    select
        answer.evaluation_id,
        evaluation.source_key,
        evaluation.form_id,
        evaluation.form_version,
        answer.item_id,
        count(form_item.item_id) as items
    from lake.answer
    join lake.evaluation using (evaluation_id)
    left join lake.form_item
        on form_item.form_id = evaluation.form_id and form_item.form_version = evaluation.form_version and form_item.item_id = answer.item_id
    where operating_day(evaluation.submitted_at) in (select unnest($days::date[]))
        -- of a form that was never loaded nobody can say what its items are
        and evaluation.form_id in (select form_id from lake.form_item)
    group by all
)
select
    form_id || ' ' || coalesce(form_version, '') as place,
    count(*)::double as stated,
    count(*) filter (where items = 1)::double as found,
    list(distinct source_key order by source_key) filter (where items <> 1) as behind
from given
group by form_id, form_version
having count(*) filter (where items <> 1) > 0
