-- one row per department whose closures are not those still standing + those that were undone
with closures as (
    select department, count(*) as closed, count(*) filter (where is_standing) as standing
    from request_event
    where event = 'closed'
    group by department
),
undone as (
    select department, count(*) as reopened
    from request_event
    where event = 'reopened'
    group by department
)
select
    coalesce(closures.department, 'no department') as place,
    closed::double as stated,
    (standing + coalesce(reopened, 0))::double as found
from closures
left join undone on undone.department is not distinct from closures.department
where stated <> found
