-- no row: notes the days on which figures about some evaluations are out of date
insert into lake.touched_day
with touched as (
    select
        evaluation_id,
        operating_day(coalesce(evaluation.contact_at, contact.entered_at)) as held_on
    from lake.evaluation
    left join (
        select contact_id, entered_at from lake.contact where contact_id in (select contact_id from lake.evaluation)
    ) as contact using (contact_id)
    where /* which */ true
),
outdated as (
    select 'evaluation' as fact, held_on as day from touched
    union
    select 'answer' as fact, held_on as day from touched
    union
    select 'dispute' as fact, operating_day(opened_at) as day
    from lake.dispute
    where evaluation_id in (select evaluation_id from touched)
    union
    select 'dispute' as fact, operating_day(decided_at) as day
    from lake.dispute
    where evaluation_id in (select evaluation_id from touched)
)
select fact, day from outdated where day is not null
