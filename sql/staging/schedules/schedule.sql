-- one row per planned activity; a layout fills the columns that its system has
with columns_of_a_schedule as (
    select
        null::varchar as agent_id,
        null::varchar as shift_key,
        null::date as shift_date,
        null::timestamp as shift_at,
        null::varchar as activity_code,
        null::varchar as activity_name,
        null::varchar as activity,
        null::timestamp as start_at,
        null::timestamp as end_at,
        null::timestamp as start_local,
        null::timestamp as end_local,
        null::boolean as is_paid
    where false
),
activities as (
    select * from columns_of_a_schedule
    union all by name
    select * from typed_row
),
placed as (
    select
        * replace (
            coalesce(start_at, utc_of(start_local)) as start_at,
            coalesce(end_at, utc_of(end_local)) as end_at,
            coalesce(activity, planned_activity(activity_name)) as activity
        )
    from activities
)
select
    key_id($source, 'schedule ' || source_key) as schedule_id,
    agent_id,
    coalesce(shift_key, agent_id || ' ' || coalesce(shift_date, operating_day(coalesce(shift_at, start_at)))) as shift_key,
    coalesce(shift_date, operating_day(coalesce(shift_at, start_at))) as shift_date,
    coalesce(activity_code, activity_name) as activity_code,
    activity,
    start_at,
    end_at,
    epoch_ms(end_at) - epoch_ms(start_at) as dur_ms,
    coalesce(is_paid, activity not in ('meal', 'time_off')) as is_paid,
    activity <> 'time_off' as counts_for_adherence,
    source_key, load_id, line_no, exported_at, time_q, row_hash
from placed
