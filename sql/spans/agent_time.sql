-- one piece of an agent's time in one state, within one quarter of an hour; what runs at once counts once, handling first
with spells as (
    select *, struct_pack(s := source_id, l := load_id, n := line_no, r := reason_code, c := is_cut) as origin
    from state_spell(first_day, until_day)
    where start_at < until_day + interval 2 day and end_at > first_day - interval 2 day
),
by_day as (
    select
        *,
        unnest(generate_series(
            greatest(operating_day(start_at), first_day - 1),
            least(operating_day(end_at - interval 1 microsecond), until_day),
            interval 1 day
        ))::date as day
    from spells
),
cut as (
    select
        agent_id, day, state, origin,
        greatest(start_at, day_begins(day)) as start_at,
        least(end_at, day_begins(day + 1)) as end_at
    from by_day
),
turns as (
    select agent_id, day, start_at as moment_at, 1 as change, state, origin from cut
    union all
    select agent_id, day, end_at, -1, state, null from cut
    union all
    select
        agent_id,
        day,
        unnest(generate_series(
            time_bucket(interval 15 minute, start_at) + interval 15 minute, end_at - interval 1 microsecond, interval 15 minute
        )),
        0, null, null
    from cut
),
running as (
    select
        agent_id,
        day,
        moment_at,
        lead(moment_at) over (partition by agent_id, day order by moment_at) as ended_at,
        sum(case when state in ('handling', 'ringing') then change else 0 end) over so_far as handling,
        sum(case when state = 'acw' then change else 0 end) over so_far as acw,
        sum(case when state = 'not_ready' then change else 0 end) over so_far as not_ready,
        sum(case when state = 'available' then change else 0 end) over so_far as available,
        last_value(case when change = 1 and state in ('handling', 'ringing') then origin end ignore nulls) over so_far as from_handling,
        last_value(case when change = 1 and state = 'acw' then origin end ignore nulls) over so_far as from_acw,
        last_value(case when change = 1 and state = 'not_ready' then origin end ignore nulls) over so_far as from_not_ready,
        last_value(case when change = 1 and state = 'available' then origin end ignore nulls) over so_far as from_available
    from turns
    window so_far as (partition by agent_id, day order by moment_at)
),
judged as (
    select
        agent_id as agent,
        day,
        moment_at as started_at,
        ended_at,
        epoch_ms(ended_at) - epoch_ms(moment_at) as ms,
        case when handling > 0 then 'handling' when acw > 0 then 'acw' when not_ready > 0 then 'not_ready' else 'available' end as state,
        handling > 0 and not_ready > 0 as is_handling_in_not_ready,
        case when handling > 0 then from_handling when acw > 0 then from_acw when not_ready > 0 then from_not_ready else from_available end
            as origin
    from running
    where ended_at > moment_at and handling + acw + not_ready + available > 0
)
select
    judged.agent,
    judged.day,
    judged.started_at,
    judged.ended_at,
    false as is_day_only,
    judged.ms,
    judged.state,
    judged.state in ('handling', 'acw', 'available') as is_productive,
    judged.is_handling_in_not_ready,
    case judged.state when 'not_ready' then judged.origin.r end as state_reason,
    judged.origin.c as is_cut,
    membership.team,
    membership.shift,
    membership.site,
    tenure(membership.hired_on, judged.day) as tenure,
    judged.origin.s as source_id,
    judged.origin.l as load_id,
    judged.origin.n as line_no
from judged
left join membership
    on membership.agent_id = judged.agent and judged.day >= membership.valid_from and judged.day < membership.valid_to
