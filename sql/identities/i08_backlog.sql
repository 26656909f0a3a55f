-- requests open at the end are those at the start + created + re-opened - closed
with bounds as (
    select day_begins(min(day)) as starts_at, day_begins(max(day) + 1) as ends_at
    from (select unnest($days::date[]) as day)
),
known as (
    -- of a closure whose time nobody wrote down it cannot be said until when the request was open
    select case_id, case_number, department
    from request
    where not (is_closed and closed_at is null)
),
spells as (
    select
        case_id,
        count(*) filter (where opened_at < starts_at and coalesce(closed_at, timestamp '9999-01-01') >= starts_at) as at_start,
        count(*) filter (where opened_at < ends_at and coalesce(closed_at, timestamp '9999-01-01') >= ends_at) as at_end
    from open_spell
    cross join bounds
    group by case_id
),
moves as (
    select
        case_id,
        sum(case event when 'created' then 1 when 'reopened' then 1 when 'closed' then -1 else 0 end) as change
    from lake.case_event
    cross join bounds
    where happened_at >= starts_at and happened_at < ends_at
    group by case_id
),
balanced as (
    select known.*, coalesce(at_start, 0) + coalesce(change, 0) as by_events, coalesce(at_end, 0) as by_state
    from known
    left join spells using (case_id)
    left join moves using (case_id)
)
select
    coalesce(department, 'no department') as place,
    sum(by_state)::double as stated,
    sum(by_events)::double as found,
    list(case_number order by case_number) as behind
from balanced
where by_events <> by_state
group by department
