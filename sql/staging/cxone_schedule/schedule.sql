-- one row per planned activity: the lines of a shift, and between them the shift's base activity
with lines as (
    select
        agent_id,
        shift_start - behind as shift_start,
        shift_end - behind as shift_end,
        shift_start::date as shift_date,
        base_activity,
        activity_name,
        activity_start - behind as start_at,
        activity_end - behind as end_at,
        source_key, load_id, line_no, exported_at, time_q, row_hash
    from typed_row
),
shifts as (
    select
        agent_id, shift_start, shift_end, shift_date, load_id, exported_at,
        any_value(base_activity) as base_activity,
        min(line_no) as line_no,
        any_value(time_q) as time_q,
        bit_xor(row_hash) as row_hash
    from lines
    group by agent_id, shift_start, shift_end, shift_date, load_id, exported_at
),
ends as (
    select agent_id, shift_start, load_id, end_at as free_from from lines where end_at is not null
    union
    select agent_id, shift_start, load_id, shift_start from shifts
),
next_starts as (
    select ends.agent_id, ends.shift_start, ends.load_id, ends.free_from, min(lines.start_at) as next_at
    from ends
    left join lines
        on lines.agent_id = ends.agent_id and lines.shift_start = ends.shift_start and lines.load_id = ends.load_id
        and lines.start_at >= ends.free_from
    group by ends.agent_id, ends.shift_start, ends.load_id, ends.free_from
),
gaps as (
    select
        shifts.*,
        next_starts.free_from as start_at,
        least(shifts.shift_end, coalesce(next_starts.next_at, shifts.shift_end)) as end_at
    from next_starts
    join shifts using (agent_id, shift_start, load_id)
),
activities as (
    select agent_id, shift_start, shift_date, activity_name as name, start_at, end_at, load_id, line_no, exported_at, time_q, row_hash
    from lines
    where start_at is not null
    union all
    select agent_id, shift_start, shift_date, base_activity as name, start_at, end_at, load_id, line_no, exported_at, time_q, row_hash
    from gaps
    where end_at > start_at
)
select
    key_id($source, 'schedule ' || agent_id || chr(31) || start_at) as schedule_id,
    agent_id,
    agent_id || ' ' || shift_start as shift_key,
    shift_date,
    name as activity_code,
    planned_activity(name) as activity,
    start_at,
    end_at,
    epoch_ms(end_at) - epoch_ms(start_at) as dur_ms,
    planned_activity(name) not in ('meal', 'time_off') as is_paid,
    planned_activity(name) <> 'time_off' as counts_for_adherence,
    agent_id || ' ' || start_at as source_key,
    load_id, line_no, exported_at, time_q, row_hash
from activities
