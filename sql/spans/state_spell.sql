-- one spell of an agent in a state that is not being away, with an end that can be believed
with spells as (
    select
        agent_state.*,
        lead(start_at) over (partition by agent_id order by start_at) as next_start_at
    from lake.agent_state
    where coalesce(track, 'routing') = 'routing' and state <> 'offline' and agent_id is not null
        and start_at < until_day + interval 3 day
        and (end_at > first_day - interval 3 day or (end_at is null and start_at > first_day - interval 3 day))
),
shifts as (
    select agent_id, shift_key, min(start_at) as shift_start_at, max(end_at) as shift_end_at
    from lake.schedule
    where activity not in ('time_off', 'unavailable')
    group by agent_id, shift_key
),
planned as (
    select spells.*, shifts.shift_end_at, source_cutoff.cutoff_at
    from spells
    left join source_cutoff using (source_id)
    asof left join shifts on shifts.agent_id = spells.agent_id and spells.start_at >= shifts.shift_start_at
),
closed as (
    select
        *,
        -- nobody logged out: the spell ends with the next one, or two hours after the planned end of the shift at the latest
        case
            when end_at is not null and coalesce(end_by, 'event') not in ('next_row', 'cutoff') then end_at
            else least(
                coalesce(end_at, timestamp '9999-01-01'),
                coalesce(next_start_at, timestamp '9999-01-01'),
                case
                    when shift_end_at is not null and shift_end_at > start_at
                        and least(coalesce(end_at, timestamp '9999-01-01'), coalesce(next_start_at, timestamp '9999-01-01'))
                            > shift_end_at + interval 2 hour
                    then shift_end_at
                    else timestamp '9999-01-01'
                end,
                greatest(coalesce(cutoff_at, start_at), start_at)
            )
        end as believed_end_at
    from planned
)
select
    state_id,
    agent_id,
    state,
    reason_code,
    start_at,
    believed_end_at as end_at,
    believed_end_at is distinct from end_at as is_cut,
    source_id,
    load_id,
    line_no
from closed
where believed_end_at > start_at
