-- one row per event of a case with a new state: created, closed, reopened, assigned, derived by comparing its states
with states as (
    select
        *,
        status in ('closed', 'duplicate', 'cancelled', 'merged') as is_closed,
        row_number() over (partition by case_id order by exported_at, load_id) as state_no
    from lake.case_version
    where case_id in (select case_id from new_case_version)
),
compared as (
    select
        *,
        lag(is_closed) over by_export as was_closed,
        lag(closed_at) over by_export as earlier_closed_at,
        lag(exported_at) over by_export as earlier_exported_at,
        lag(department) over by_export as earlier_department,
        -- a closure that was already past when the earlier state was exported corrects it; a later one is another closure
        coalesce(
            is_closed and lead(is_closed) over by_export
            and lead(closed_at) over by_export <> closed_at and lead(closed_at) over by_export <= exported_at,
            false
        ) as is_corrected
    from states
    window by_export as (partition by case_id order by state_no)
),
creations as (
    select *, 'created' as event, created_at as happened_at, 'exact' as event_q
    from compared
    where state_no = 1
),
closures as (
    select *, 'closed' as event, closed_at as happened_at, 'exact' as event_q
    from compared
    where is_closed and closed_at is not null and not is_corrected
    qualify row_number() over (partition by case_id, closed_at order by state_no) = 1
),
reopenings as (
    -- no export says when: an open case was re-opened by the time it was exported, a closed one before it closed again
    select
        *,
        'reopened' as event,
        case when is_closed then earlier_exported_at else coalesce(updated_at, exported_at) end as happened_at,
        'derived' as event_q
    from compared
    where was_closed
        and (not is_closed or (closed_at <> earlier_closed_at and closed_at > earlier_exported_at))
),
reassignments as (
    select *, 'assigned' as event, exported_at as happened_at, 'derived' as event_q
    from compared
    where state_no > 1 and department is distinct from earlier_department
),
events as (
    select * from creations
    union all
    select * from closures
    union all
    select * from reopenings
    union all
    select * from reassignments
)
select
    key_id(source_id, source_key || chr(31) || event || chr(31) || happened_at) as case_event_id,
    case_id,
    row_number() over (partition by case_id order by happened_at, state_no)::integer as seq,
    happened_at,
    event,
    case event when 'assigned' then earlier_department end as from_value,
    case event when 'assigned' then department end as to_value,
    case event when 'created' then null else 'diff' end as done_by,
    department,
    source_id,
    source_key || ' ' || event || ' ' || happened_at as source_key,
    load_id,
    line_no,
    exported_at,
    event_q as time_q,
    row_hash
from events
where happened_at is not null
