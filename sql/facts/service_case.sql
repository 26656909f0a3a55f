-- one row per case with a new state: the newest state, and when it was first closed
with states as (
    select *
    from lake.case_version
    where case_id in (select case_id from new_case_version)
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
    qualify row_number() over (partition by case_id order by exported_at desc, load_id desc) = 1
)
select
    newest.*,
    first_closures.first_closed_at,
    case when newest.parent_number is not null then key_id(newest.source_id, newest.parent_number) end as parent_case_id
from newest
left join first_closures using (case_id)
