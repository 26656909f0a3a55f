-- one piece of an agent's time within a quarter of an hour: what was planned for it, and in which state it was spent
with known as (
    -- what agents did after the last state that anybody was seen in was not loaded yet: nobody was absent from it
    select greatest(max(start_at), max(end_at)) as until_at
    from lake.agent_state
),
plans as (
    select
        agent_id,
        start_at,
        least(end_at, until_at) as end_at,
        struct_pack(
            a := activity, p := is_paid, c := counts_for_adherence, d := shift_date, b := start_at, e := end_at,
            s := source_id, l := load_id, n := line_no
        ) as plan
    from lake.schedule
    cross join known
    where start_at < until_day + interval 3 day and end_at > first_day - interval 3 day and start_at < until_at
),
spent as (
    select * from agent_time(first_day - 2, until_day + 2)
),
turns as (
    select agent_id as agent, start_at as moment_at, 1 as plan_change, plan, 0 as state_change, null as state, null as state_origin from plans
    union all
    select agent_id, end_at, -1, null, 0, null, null from plans
    union all
    select
        agent_id,
        unnest(generate_series(
            time_bucket(interval 15 minute, start_at) + interval 15 minute, end_at - interval 1 microsecond, interval 15 minute
        )),
        0, null, 0, null, null
    from plans
    union all
    select agent, started_at, 0, null, 1, state, struct_pack(s := source_id, l := load_id, n := line_no) from spent
    union all
    select agent, ended_at, 0, null, -1, null, null from spent
),
running as (
    select
        agent,
        moment_at,
        lead(moment_at) over (partition by agent order by moment_at) as ended_at,
        sum(plan_change) over so_far as planned,
        last_value(case when plan_change = 1 then plan end ignore nulls) over so_far as plan,
        lead(case when plan_change = 1 then plan end ignore nulls) over (partition by agent order by moment_at) as next_plan,
        sum(state_change) over so_far as present,
        last_value(case when state_change = 1 then state end ignore nulls) over so_far as state,
        last_value(case when state_change = 1 then state_origin end ignore nulls) over so_far as state_origin
    from turns
    window so_far as (partition by agent order by moment_at)
),
pieces as (
    select
        agent,
        moment_at as started_at,
        ended_at,
        epoch_ms(ended_at) - epoch_ms(moment_at) as ms,
        case when planned > 0 then plan.a end as activity,
        planned > 0 and plan.p as is_paid,
        planned > 0 and plan.c as counts,
        case when present > 0 then state else 'offline' end as state,
        -- work outside any plan belongs, by whole quarters of an hour, to the nearer shift, or to none when both are far
        time_bucket(interval 15 minute, moment_at) as quarter_at,
        case
            when planned > 0 then plan.d
            when quarter_at - plan.e <= least(interval 8 hour, coalesce(next_plan.b - quarter_at, interval 1 day)) then plan.d
            when next_plan.b - quarter_at <= interval 8 hour then next_plan.d
            else operating_day(quarter_at)
        end as worked_for,
        case when planned > 0 then plan.s else state_origin.s end as source_id,
        case when planned > 0 then plan.l else state_origin.l end as load_id,
        case when planned > 0 then plan.n else state_origin.n end as line_no
    from running
    where ended_at > moment_at and (planned > 0 or present > 0)
)
select
    pieces.agent,
    pieces.started_at,
    pieces.ended_at,
    day_begins(pieces.worked_for) as shift_at,
    false as is_day_only,
    pieces.ms,
    pieces.activity,
    coalesce(pieces.is_paid, false) as is_paid,
    coalesce(pieces.counts, false) as counts,
    pieces.state,
    pieces.state in ('available', 'handling', 'acw') as is_productive,
    coalesce(
        case
            when pieces.activity = 'queue' then pieces.state in ('available', 'handling', 'acw')
            when pieces.activity in ('time_off', 'unavailable') then pieces.state = 'offline'
            else pieces.state in ('not_ready', 'offline')
        end,
        false
    ) as is_adherent,
    case
        when pieces.activity in ('break', 'meal', 'meeting', 'training', 'other_work') and pieces.state in ('handling', 'acw')
            then 'contact ran into it'
        when pieces.activity = 'queue' and pieces.state = 'offline' then 'absent'
        when pieces.activity = 'queue' and pieces.state = 'not_ready' then 'not ready'
        when pieces.activity in ('break', 'meal', 'meeting', 'training', 'other_work') and pieces.state = 'available' then 'available instead'
        when pieces.activity is null then 'outside the plan'
    end as exception,
    membership.team,
    membership.shift,
    membership.site,
    tenure(membership.hired_on, pieces.worked_for) as tenure,
    pieces.source_id,
    pieces.load_id,
    pieces.line_no
from pieces
left join membership
    on membership.agent_id = pieces.agent and pieces.worked_for >= membership.valid_from and pieces.worked_for < membership.valid_to
