-- one row per evaluation and reason in who, whom, which contact and which form that speaks against it
with standing as (
    select evaluation.*, coalesce(evaluation.contact_at, contact.entered_at) as held_at, contact.contact_id is not null as knows_contact
    from lake.evaluation
    left join lake.contact on contact.contact_id = evaluation.contact_id
    where evaluation.deleted_seen_at is null
),
roster as (
    select agent_id from lake.agent
    union
    select agent_id from lake.team_member
),
handler as (
    select distinct contact_id, agent_id
    from lake.leg
    where agent_id is not null and contact_id in (select contact_id from lake.evaluation)
),
unknown_agent as (
    select evaluation_id, 'unknown_agent' as reason, agent_id as detail, true as sets_aside
    from standing
    -- where no roster was loaded nobody can be unknown to it
    where exists (from roster) and (agent_id is null or agent_id not in (from roster))
),
unknown_contact as (
    select evaluation_id, 'unknown_contact' as reason, source_key as detail, true as sets_aside
    from standing
    where not knows_contact and exists (from lake.contact)
),
anothers_contact as (
    select evaluation_id, 'agent_not_on_contact' as reason, agent_id as detail, true as sets_aside
    from standing
    where contact_id in (select contact_id from handler)
        and (contact_id, agent_id) not in (select (contact_id, agent_id) from handler)
),
own_work as (
    select evaluation_id, 'evaluated_own_work' as reason, evaluator_id as detail, true as sets_aside
    from standing
    where evaluator_id = agent_id and coalesce(type, 'standard') <> 'self'
),
own_team as (
    select distinct standing.evaluation_id, 'evaluated_own_team' as reason, standing.evaluator_id as detail, true as sets_aside
    from standing
    join lake.form on form.form_id = standing.form_id and form.form_version = standing.form_version
    join membership as theirs
        on theirs.agent_id = standing.agent_id
        and operating_day(held_at) >= theirs.valid_from and operating_day(held_at) < theirs.valid_to
    left join membership as evaluators
        on evaluators.agent_id = standing.evaluator_id
        and operating_day(held_at) >= evaluators.valid_from and operating_day(held_at) < evaluators.valid_to
    left join lake.team_member as led
        on led.supervisor_id = standing.evaluator_id and led.team_id = theirs.team
        and operating_day(held_at) >= led.valid_from
        and operating_day(held_at) < coalesce(led.valid_to, date '9999-12-31')
    where form.own_team = 'refused' and standing.evaluator_id <> standing.agent_id
        and (evaluators.team = theirs.team or led.supervisor_id is not null)
),
unknown_form as (
    select evaluation_id, 'unknown_form' as reason, concat_ws(' ', form_id, form_version) as detail, false as sets_aside
    from standing
    where (form_id, form_version) not in (select (form_id, form_version) from lake.form_item)
)
from unknown_agent
union all
from unknown_contact
union all
from anothers_contact
union all
from own_work
union all
from own_team
union all
from unknown_form
