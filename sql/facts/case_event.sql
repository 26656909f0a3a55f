-- one row per event of a touched case: what its system recorded, else what comparing its exported states tells
with states as (
    select
        *,
        is_closed(status) as is_closed,
        row_number() over (partition by case_id order by exported_at, load_id) as state_no
    from touched_case_version
),
compared as (
    select
        *,
        lag(is_closed) over by_export as was_closed,
        lag(closed_at) over by_export as earlier_closed_at,
        lag(exported_at) over by_export as earlier_exported_at,
        lag(department) over by_export as earlier_department,
        lead(case_id) over by_export is null as is_newest,
        -- a closure that was already past when the earlier state was exported corrects it; a later one is another closure
        coalesce(
            is_closed and lead(is_closed) over by_export
            and lead(closed_at) over by_export <> closed_at and lead(closed_at) over by_export <= exported_at,
            false
        ) as is_corrected,
        -- where the last change stands for the closing time, a later one does not mean another closure
        closed_q = 'derived' as is_guess
    from (select * replace (coalesce(closed_q, 'exact') as closed_q) from states) as states
    window by_export as (partition by case_id order by state_no)
),
recorded as (
    select
        * replace (
            -- some histories name only what a field came to be
            case
                when event in ('status', 'assigned', 'field')
                then coalesce(from_value, lag(to_value) over (partition by case_id, field order by happened_at, source_key))
                else from_value
            end as from_value
        ),
        event = 'status' as is_status,
        -- successive closed states, as solved and then archived, close a case once
        coalesce(
            lag(is_closed(to_value)) over by_time,
            is_closed(from_value),
            false
        ) as was_closed
    from touched_case_change
    where case_id in (select case_id from states) and event <> 'created' and happened_at is not null
    window by_time as (partition by case_id, event order by happened_at, source_key)
),
histories as (
    select
        case_id,
        arg_max(is_closed(to_value), (happened_at, source_key)) as ends_closed,
        max(happened_at) as ends_at,
        max(exported_at) as exported_at,
        max(happened_at) filter (where is_closed(to_value) and not was_closed) as last_closed_at
    from recorded
    where is_status
    group by case_id
),
newest as (
    select
        compared.*,
        histories.case_id is not null as has_history,
        histories.ends_closed,
        histories.ends_at,
        histories.last_closed_at,
        -- the newer export of the two knows the case's present state
        compared.exported_at >= histories.exported_at as is_current
    from compared
    left join histories using (case_id)
    where is_newest
),
recorded_events as (
    select
        recorded.* replace (
            -- the system's own closing time and its history may differ by a second; the last closure stands at the former
            case
                when is_status and is_closed(recorded.to_value) and not recorded.was_closed
                    and recorded.happened_at = newest.last_closed_at
                    and newest.is_current and newest.is_closed and newest.ends_closed
                    and newest.closed_at is not null and not newest.is_guess
                then newest.closed_at
                else recorded.happened_at
            end as happened_at,
            case
                when not is_status then event
                when is_closed(recorded.to_value) and not recorded.was_closed then 'closed'
                when recorded.was_closed and not is_closed(recorded.to_value) then 'reopened'
                else 'status'
            end as event,
            coalesce(recorded.department, newest.department) as department
        )
    from recorded
    join newest using (case_id)
),
later_events as (
    -- what a newer export of the case shows and its history does not yet hold
    select
        *,
        case when is_closed then 'closed' else 'reopened' end as event,
        case
            when is_closed then coalesce(closed_at, updated_at, exported_at)
            else greatest(ends_at, coalesce(updated_at, exported_at))
        end as happened_at
    from newest
    where has_history and is_current and is_closed <> ends_closed
),
creations as (
    select *, 'created' as event, created_at as happened_at, 'exact' as event_q
    from compared
    where state_no = 1
),
closures as (
    select *, 'closed' as event, closed_at as happened_at, 'exact' as event_q
    from compared
    where is_closed and closed_at is not null and not is_corrected and not (is_guess and coalesce(was_closed, false))
        and case_id not in (select case_id from histories)
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
        and (not is_closed or (not is_guess and closed_at <> earlier_closed_at and closed_at > earlier_exported_at))
        and case_id not in (select case_id from histories)
),
reassignments as (
    select *, 'assigned' as event, exported_at as happened_at, 'derived' as event_q
    from compared
    where state_no > 1 and department is distinct from earlier_department
        and case_id not in (select case_id from recorded where event = 'assigned')
),
compared_events as (
    select * from creations
    union all
    select * from closures
    union all
    select * from reopenings
    union all
    select * from reassignments
    union all by name
    select * exclude (has_history, ends_closed, ends_at, last_closed_at, is_current), 'derived' as event_q
    from later_events
),
events as (
    select
        key_id(source_id, source_key || chr(31) || event || chr(31) || happened_at) as case_event_id,
        case_id,
        state_no as order_no,
        happened_at,
        event,
        null::varchar as field,
        case event when 'assigned' then earlier_department end as from_value,
        case event when 'assigned' then department end as to_value,
        null::varchar as from_code,
        null::varchar as to_code,
        case event when 'created' then created_by else 'diff' end as done_by,
        department,
        null::varchar as visibility,
        null::varchar as text,
        source_id,
        source_key || ' ' || event || ' ' || happened_at as source_key,
        load_id, line_no, exported_at,
        event_q as time_q,
        row_hash
    from compared_events
    union all by name
    select
        case_change_id as case_event_id,
        case_id,
        0 as order_no,
        happened_at, event, field, from_value, to_value, from_code, to_code, done_by, department, visibility, text,
        source_id, source_key, load_id, line_no, exported_at, time_q, row_hash
    from recorded_events
)
select
    * exclude (order_no),
    row_number() over (
        partition by case_id order by happened_at, event <> 'created', order_no, source_key
    )::integer as seq
from events
where happened_at is not null
