-- one row per department whose open requests are not created + re-opened - closed
with events as (
    select
        department,
        sum(case event when 'created' then 1 when 'reopened' then 1 when 'closed' then -1 else 0 end) as open_by_events
    from request_event
    group by department
),
states as (
    -- a closure without a time leaves no event and is counted with the open ones here
    select department, count(*) filter (where not is_closed or closed_at is null) as open_by_state
    from request
    group by department
)
select
    coalesce(states.department, 'no department') as place,
    open_by_state::double as stated,
    coalesce(open_by_events, 0)::double as found
from states
left join events on events.department is not distinct from states.department
where open_by_state is distinct from open_by_events
