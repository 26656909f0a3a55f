-- one row per evaluation of a contact
select evaluation_id, form_id, form_version, evaluator_id, type, selection, submitted_at, score_pct
from lake.evaluation
where contact_id = $contact_id and deleted_seen_at is null
order by submitted_at
