-- one row per evaluation of a contact, by the contact's day, with the score before any auto-fail
with in_dispute as (
    select evaluation_id from lake.evaluation where status = 'disputed' and deleted_seen_at is null
)
select
    evaluation.evaluation_id as row_id,
    evaluation.contact_id,
    evaluation.agent,
    operating_day(evaluation.held_at) as day,
    case when not evaluation.is_day_only then date_part('hour', local_time(evaluation.held_at)) end as hour,
    evaluation.queue,
    evaluation.channel,
    contact.direction,
    evaluation.language,
    evaluation.request_type,
    evaluation.shift,
    membership.site,
    evaluation.evaluator,
    evaluation.form || ' ' || evaluation.form_version as form,
    evaluation.selection = 'random' as is_random,
    coalesce(evaluation.type, 'standard') = 'standard' as is_standard,
    coalesce(evaluation.type = 'calibration', false) as is_calibration,
    evaluation.standing = 'not released' as is_unfinished,
    evaluation.standing = 'set aside' as is_set_aside,
    evaluation.standing = 'superseded' as is_replaced,
    evaluation.evaluation_id in (select evaluation_id from in_dispute) as is_disputed,
    -- an auto-fail is a fact about the contact; people are compared on what they scored without it
    100 * evaluation.raw_score as score_pct,
    case when evaluation.customer_applies then not evaluation.customer_failed end as is_customer_right,
    case when evaluation.business_applies then not evaluation.business_failed end as is_business_right,
    case when evaluation.compliance_applies then not evaluation.compliance_failed end as is_compliance_right
from evaluation
left join contact on contact.contact_id = evaluation.contact_id
left join membership
    on membership.agent_id = evaluation.agent
    and operating_day(evaluation.held_at) >= membership.valid_from
    and operating_day(evaluation.held_at) < membership.valid_to
where operating_day(evaluation.held_at) >= $first::date and operating_day(evaluation.held_at) < $until::date
order by evaluation.agent, evaluation.evaluation_id
