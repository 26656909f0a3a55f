-- one row per version of a form that a file gave: its digest, and how many evaluations were made with it
select
    form.form_id,
    form.form_version,
    form.digest,
    count(evaluation.evaluation_id) as evaluations
from lake.form
left join lake.evaluation using (form_id, form_version)
group by all
