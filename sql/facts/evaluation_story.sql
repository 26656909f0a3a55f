-- one row per evaluation of a contact
select
    evaluation_id,
    form_id,
    form_version,
    agent_id,
    evaluator_id,
    type,
    selection,
    submitted_at,
    score_pct,
    type <> 'calibration' and not coalesce(never_release, false)
        and coalesce(status, 'released') in ('released', 'acknowledged', 'disputed', 'final') as is_released
from lake.evaluation
where contact_id = $contact_id and deleted_seen_at is null
order by submitted_at
