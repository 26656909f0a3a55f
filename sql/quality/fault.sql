-- one row per evaluation of a period and reason that speaks against it, with the file and line it came from
select
    evaluation_fault.reason,
    evaluation_fault.detail,
    evaluation_fault.sets_aside,
    evaluation.evaluation_key,
    evaluation.contact_key,
    operating_day(coalesce(evaluation.held_at, evaluation.submitted_at)) as held_on,
    evaluation.agent,
    evaluation.team,
    evaluation.evaluator,
    evaluation.form,
    evaluation.form_version,
    load_file.file_name as source_file,
    evaluation.line_no as line
from evaluation_fault
join evaluation using (evaluation_id)
left join (select load_id, file_name from lake.load_file) as load_file using (load_id)
where operating_day(coalesce(evaluation.held_at, evaluation.submitted_at)) >= $first
    and operating_day(coalesce(evaluation.held_at, evaluation.submitted_at)) < $until
order by held_on, evaluation_key, reason, detail
