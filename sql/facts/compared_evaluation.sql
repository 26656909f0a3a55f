-- one row per evaluation of a contact, by the contact's day, with the score before any auto-fail
with placed as (
    select
        evaluation.*,
        coalesce(evaluation.contact_at, contact.entered_at) as placed_at
    from lake.evaluation
    left join contact using (contact_id)
    where evaluation.deleted_seen_at is null
),
replaced as (
    select distinct supersedes_id as evaluation_id
    from lake.evaluation
    where supersedes_id is not null and deleted_seen_at is null
)
select
    placed.evaluation_id as row_id,
    placed.contact_id,
    placed.agent_id as agent,
    operating_day(placed.placed_at) as day,
    date_part('hour', local_time(placed.placed_at)) as hour,
    contact.queue,
    contact.channel,
    contact.direction,
    contact.language,
    contact.request_type,
    membership.shift,
    membership.site,
    placed.evaluator_id as evaluator,
    placed.form_id || ' ' || placed.form_version as form,
    coalesce(placed.selection = 'random', false) as is_random,
    coalesce(placed.type, 'standard') = 'standard' as is_standard,
    coalesce(placed.type = 'calibration', false) as is_calibration,
    coalesce(placed.status, 'released') in ('draft', 'retracted') as is_unfinished,
    coalesce(placed.status = 'disputed', false) as is_disputed,
    replaced.evaluation_id is not null as is_replaced,
    -- an auto-fail is a fact about the contact; people are compared on what they scored without it
    case
        when coalesce(placed.auto_fail, false) and placed.max_points > 0
            then 100 * placed.raw_points / placed.max_points
        else placed.score_pct
    end as score_pct
from placed
left join replaced using (evaluation_id)
left join contact using (contact_id)
left join membership
    on membership.agent_id = placed.agent_id
    and operating_day(placed.placed_at) >= membership.valid_from
    and operating_day(placed.placed_at) < membership.valid_to
where operating_day(placed.placed_at) >= $first::date and operating_day(placed.placed_at) < $until::date
order by placed.agent_id, placed.evaluation_id
