-- one row per touched case: its newest state, and when it was first closed; derive its events before
with states as (
    select *
    from touched_case_version
),
first_closures as (
    select case_id, min(closed_at) as first_closed_at
    from states
    where closed_at is not null
    group by case_id
),
newest as (
    select *
    from states
    qualify row_number() over (partition by case_id order by is_ahead(exported_at), exported_at desc, load_id desc) = 1
),
histories as (
    select
        case_id,
        arg_max(to_value, (happened_at, source_key)) as status,
        arg_max(to_code, (happened_at, source_key)) as status_code,
        max(exported_at) as exported_at
    from touched_case_change
    where event = 'status' and case_id in (select case_id from newest)
    group by case_id
),
agreements as (
    -- a case without a due date of its own is due when its last agreement on service runs out
    select case_id, arg_max(try_cast(to_value as timestamp), (happened_at, source_key)) as due_at
    from touched_case_change
    where event = 'sla_started' and case_id in (select case_id from newest)
    group by case_id
),
closures as (
    select case_id, min(happened_at) as first_closed_at, max(happened_at) as closed_at
    from derived_case_event
    where event = 'closed'
    group by case_id
),
known as (
    -- where a system records its changes, its history says when a case closed, and what became of it since the export
    select
        newest.* replace (
            case when histories.exported_at > newest.exported_at then histories.status else newest.status end as status,
            case
                when histories.exported_at > newest.exported_at then histories.status_code else newest.status_code
            end as status_code,
            case
                when histories.case_id is null and coalesce(newest.closed_q, 'exact') <> 'derived' then newest.closed_at
                else closures.closed_at
            end as closed_at,
            coalesce(newest.due_at, agreements.due_at) as due_at
        ),
        case
            when histories.case_id is null then first_closures.first_closed_at else closures.first_closed_at
        end as first_closed_at
    from newest
    left join first_closures using (case_id)
    left join histories using (case_id)
    left join closures using (case_id)
    left join agreements using (case_id)
)
select
    * replace (case when is_closed(status) then closed_at end as closed_at),
    case when parent_number is not null then key_id(source_id, parent_number) end as parent_case_id
from known
