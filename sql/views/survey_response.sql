-- one row per invitation to a survey, with the answers to its main questions
with answers as (
    select
        survey_id,
        max(value_num) filter (where is_main = 'csat') as satisfaction,
        max(coalesce(scale_max, 5)) filter (where is_main = 'csat') as satisfaction_most,
        max(value_num) filter (where is_main = 'nps') as recommendation,
        bool_or(lower(coalesce(value_text, '')) in ('yes', 'y', 'true', '1') or coalesce(value_num = 1, false)) filter (where is_main = 'solved') as is_solved
    from lake.survey_answer
    group by survey_id
)
select
    survey.survey_id,
    survey.contact_id,
    contact.chain_key as contact_key,
    coalesce(contact.entered_at, survey.sent_at) as happened_at,
    contact.entered_at is null and survey.time_q = 'date_only' as is_day_only,
    survey.sent_at,
    survey.answered_at,
    coalesce(survey.queue_id, contact.first_queue_id) as queue,
    coalesce(survey.agent_id, leg.agent_id) as agent,
    membership.team,
    membership.shift,
    membership.site,
    coalesce(contact.channel, survey.channel) as channel,
    coalesce(survey.language, contact.language) as language,
    contact.request_type,
    survey.answered_at is not null or answers.survey_id is not null as is_answered,
    answers.satisfaction,
    answers.satisfaction > answers.satisfaction_most - 2 as is_satisfied,
    answers.satisfaction = answers.satisfaction_most as is_top,
    answers.recommendation,
    answers.is_solved,
    survey.source_id,
    survey.load_id,
    survey.line_no
from lake.survey
left join answers using (survey_id)
left join lake.contact using (contact_id)
left join (
    select contact_id, arg_max(agent_id, answered_at) as agent_id
    from lake.leg
    where answered_at is not null
    group by contact_id
) as leg using (contact_id)
left join membership
    on membership.agent_id = coalesce(survey.agent_id, leg.agent_id)
    and operating_day(coalesce(contact.entered_at, survey.sent_at)) >= membership.valid_from
    and operating_day(coalesce(contact.entered_at, survey.sent_at)) < membership.valid_to
where not coalesce(contact.is_test, false)
