-- one row per dispute of an evaluation
select
    dispute.dispute_id,
    dispute.source_key as dispute_key,
    dispute.evaluation_id,
    evaluation.evaluation_key,
    evaluation.contact_id,
    evaluation.contact_key,
    dispute.opened_at,
    dispute.decided_at,
    dispute.time_q = 'date_only' as is_day_only,
    dispute.opened_by,
    dispute.decided_by,
    dispute.status,
    dispute.decision,
    dispute.items,
    dispute.score_before / 100 as score_before,
    dispute.score_after / 100 as score_after,
    dispute.decided_at is not null as is_decided,
    dispute.decided_at is not null and dispute.decision = 'changed' as is_overturned,
    date_diff('millisecond', dispute.opened_at, dispute.decided_at) as deciding_ms,
    evaluation.agent,
    evaluation.team,
    evaluation.shift,
    evaluation.evaluator,
    evaluation.form,
    evaluation.channel,
    evaluation.queue,
    dispute.source_id,
    dispute.load_id,
    dispute.line_no
from lake.dispute
join evaluation using (evaluation_id)
where dispute.deleted_seen_at is null
