-- one piece of an agent's time in one state, within one quarter of an hour; what runs at once counts once, handling first
with spells as (
    select *, struct_pack(s := source_id, l := load_id, n := line_no, r := reason_code, c := is_cut) as origin
    from state_spell(first_day, until_day)
    where start_at < until_day + interval 2 day and end_at > first_day - interval 2 day
),
dated as (
    select *, operating_day(start_at) as first_on, operating_day(end_at - interval 1 microsecond) as last_on
    from spells
),
-- nearly all spells lie within one day: what cuts the others would take its time for each of them
by_day as (
    select
        *,
        unnest(
            case
                when first_on = last_on then [first_on]
                else generate_series(greatest(first_on, first_day - 1), least(last_on, until_day), interval 1 day)::date[]
            end
        ) as day
    from dated
),
cut as (
    select
        agent_id,
        day,
        state,
        origin,
        case when first_on = last_on then start_at else greatest(start_at, day_begins(day)) end as start_at,
        case when first_on = last_on then end_at else least(end_at, day_begins(day + 1)) end as end_at
    from by_day
    where day >= first_day - 1 and day <= until_day
),
followed as (
    select
        *,
        max(end_at) over (
            partition by agent_id, day order by start_at rows between unbounded preceding and 1 preceding
        ) as latest_end_at,
        time_bucket(interval 15 minute, start_at) as quarter_at
    from cut
),
-- the days on which spells run at once; on the others one follows the other, and what counts need not be found out
double_day as (
    select distinct agent_id, day
    from followed
    where start_at < latest_end_at
),
at_once as (
    select followed.*
    from followed
    join double_day on double_day.agent_id = followed.agent_id and double_day.day = followed.day
),
single as (
    select
        followed.*,
        unnest(
            case
                when end_at <= quarter_at + interval 15 minute then [quarter_at]
                else generate_series(quarter_at, end_at - interval 1 microsecond, interval 15 minute)
            end
        ) as piece_at
    from followed
    left join double_day on double_day.agent_id = followed.agent_id and double_day.day = followed.day
    where double_day.day is null and state in ('handling', 'ringing', 'acw', 'not_ready', 'available')
),
turns as (
    select agent_id, day, start_at as moment_at, 1 as change, state, origin from at_once
    union all
    select agent_id, day, end_at, -1, state, null from at_once
    union all
    select
        agent_id,
        day,
        unnest(generate_series(
            time_bucket(interval 15 minute, start_at) + interval 15 minute, end_at - interval 1 microsecond, interval 15 minute
        )),
        0, null, null
    from at_once
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
    union all
    select
        agent_id,
        day,
        greatest(start_at, piece_at) as started_at,
        least(end_at, piece_at + interval 15 minute) as ended_at,
        epoch_ms(least(end_at, piece_at + interval 15 minute)) - epoch_ms(greatest(start_at, piece_at)),
        case when state = 'ringing' then 'handling' else state end,
        false,
        origin
    from single
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
