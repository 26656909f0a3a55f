-- one row per evaluation of a contact, with its score and whether it counts for the agent
with replaced as (
    select distinct supersedes_id as evaluation_id from lake.evaluation
    where supersedes_id is not null and deleted_seen_at is null and status in ('released', 'acknowledged', 'final')
),
conflict as (
    select evaluation_id, min(reason) as reason
    from evaluation_conflict
    where sets_aside
    group by evaluation_id
),
known as (
    select
        evaluation.*,
        coalesce(evaluation.contact_at, contact.entered_at) as held_at,
        contact.first_queue_id,
        contact.channel,
        contact.language,
        contact.request_type,
        coalesce(conflict.reason, evaluation_score.fault) as fault,
        evaluation_score.* exclude (evaluation_id, fault),
        case
            when coalesce(conflict.reason, evaluation_score.fault) is not null then 'set aside'
            when replaced.evaluation_id is not null then 'superseded'
            when evaluation.type = 'calibration' then 'calibration'
            when evaluation.type = 'self' then 'self'
            when coalesce(evaluation.status, 'released') not in ('released', 'acknowledged', 'disputed', 'final') then 'not released'
            else 'counted'
        end as standing
    from lake.evaluation
    left join lake.contact using (contact_id)
    left join conflict using (evaluation_id)
    left join evaluation_score using (evaluation_id)
    left join replaced using (evaluation_id)
    where evaluation.deleted_seen_at is null
)
select
    known.evaluation_id,
    known.source_key as evaluation_key,
    known.contact_id,
    known.contact_key,
    known.held_at,
    known.submitted_at,
    known.time_q = 'date_only' as is_day_only,
    known.agent_id as agent,
    membership.team,
    membership.shift,
    known.evaluator_id as evaluator,
    known.form_id as form,
    known.form_version,
    known.type,
    coalesce(known.selection, 'targeted') as selection,
    coalesce(known.session_id, if(known.type = 'calibration', strftime(operating_day(known.held_at), '%Y-%m'), null)) as session,
    known.first_queue_id as queue,
    known.channel,
    known.language,
    known.request_type,
    known.standing,
    known.fault,
    known.standing = 'counted' as is_counted,
    -- what its agent was shown first, and could dispute
    known.standing in ('counted', 'superseded') and known.type <> 'rescore' as is_released,
    -- what enters a person's score: drawn at random, and nothing against it
    known.standing = 'counted' and known.selection = 'random' as is_in_sample,
    known.standing = 'counted'
        and row_number() over (partition by known.contact_id, known.agent_id, known.standing order by known.submitted_at, known.evaluation_id) = 1
        as is_first_of_contact,
    -- an export of totals without answers is taken at its word
    coalesce(known.raw_score, if(coalesce(known.knows_form, false), null, known.score_pct / 100)) as raw_score,
    coalesce(known.final_score, if(coalesce(known.knows_form, false), null, known.score_pct / 100)) as final_score,
    known.score_pct / 100 as reported_score,
    known.is_passed,
    known.evaluation_id in (select evaluation_id from lake.dispute where deleted_seen_at is null) as is_disputed,
    coalesce(known.is_autofailed, false) as is_autofailed,
    coalesce(known.customer_applies, false) as customer_applies,
    coalesce(known.customer_failed, false) as customer_failed,
    coalesce(known.business_applies, false) as business_applies,
    coalesce(known.business_failed, false) as business_failed,
    coalesce(known.compliance_applies, false) as compliance_applies,
    coalesce(known.compliance_failed, false) as compliance_failed,
    known.points_earned,
    known.points_possible,
    known.source_id,
    known.load_id,
    known.line_no
from known
left join membership
    on membership.agent_id = known.agent_id
    and operating_day(known.held_at) >= membership.valid_from and operating_day(known.held_at) < membership.valid_to
