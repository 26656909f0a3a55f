-- one row per agent: evaluations of contacts of the period that count for the person, credited to the
-- team of the day where only some teams may be seen
select evaluation.agent_id, count(distinct evaluation.evaluation_id) as evaluations
from lake.evaluation
left join membership
    on membership.agent_id = evaluation.agent_id
    and operating_day(evaluation.contact_at) >= membership.valid_from
    and operating_day(evaluation.contact_at) < membership.valid_to
where
    operating_day(evaluation.contact_at) >= $first
    and operating_day(evaluation.contact_at) < $until
    and evaluation.deleted_seen_at is null
    and evaluation.type is distinct from 'calibration'
    and evaluation.never_release is distinct from true
    and ($teams is null or list_contains($teams, membership.team))
    and ($agents is null or list_contains($agents, evaluation.agent_id))
group by evaluation.agent_id
