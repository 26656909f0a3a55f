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
plan_turns as (
    select agent_id as agent, start_at as moment_at, 1 as change, plan from plans
    union all
    select agent_id, end_at, -1, null from plans
    union all
    select
        agent_id,
        unnest(generate_series(
            time_bucket(interval 15 minute, start_at) + interval 15 minute, end_at - interval 1 microsecond, interval 15 minute
        )),
        0, null
    from plans
    union all
    select distinct agent_id, timestamp '0001-01-01', 0, null from plans
),
running as (
    select
        agent,
        moment_at,
        lead(moment_at) over (partition by agent order by moment_at) as ended_at,
        sum(change) over so_far > 0 as is_planned,
        last_value(plan ignore nulls) over so_far as plan,
        lead(plan ignore nulls) over (partition by agent order by moment_at) as next_plan
    from plan_turns
    window so_far as (partition by agent order by moment_at)
),
-- what is planned from a moment on, one row per moment
stretch as (
    select *
    from running
    where ended_at is null or ended_at > moment_at
),
followed as (
    select agent, started_at, ended_at, lead(started_at) over (partition by agent order by started_at) as next_started_at
    from spent
),
-- each moment at which the plan or the state changes, with since when the one and the other are as they are
turns as (
    select agent, moment_at, moment_at as planned_at, null::timestamp as spent_at from stretch
    union all
    select agent, started_at, null, started_at from followed
    union all
    select agent, ended_at, null, ended_at from followed where next_started_at is distinct from ended_at
),
moments as (
    select
        agent,
        moment_at,
        lead(moment_at) over (partition by agent order by moment_at) as ended_at,
        max(planned_at) over so_far as planned_at,
        max(spent_at) over so_far as spent_at
    from turns
    window so_far as (partition by agent order by moment_at)
),
told as (
    select
        moments.agent,
        moments.moment_at,
        moments.ended_at,
        coalesce(stretch.is_planned, false) as is_planned,
        stretch.plan,
        stretch.next_plan,
        coalesce(spent.state, 'offline') as state,
        spent.source_id,
        spent.load_id,
        spent.line_no
    from moments
    left join stretch on stretch.agent = moments.agent and stretch.moment_at = moments.planned_at
    left join spent on spent.agent = moments.agent and spent.started_at = moments.spent_at
    where moments.ended_at > moments.moment_at
),
pieces as (
    select
        agent,
        moment_at as started_at,
        ended_at,
        epoch_ms(ended_at) - epoch_ms(moment_at) as ms,
        case when is_planned then plan.a end as activity,
        is_planned and plan.p as is_paid,
        is_planned and plan.c as counts,
        state,
        -- work outside any plan belongs, by whole quarters of an hour, to the nearer shift, or to none when both are far
        time_bucket(interval 15 minute, moment_at) as quarter_at,
        case
            when is_planned then plan.d
            when quarter_at - plan.e <= least(interval 8 hour, coalesce(next_plan.b - quarter_at, interval 1 day)) then plan.d
            when next_plan.b - quarter_at <= interval 8 hour then next_plan.d
            else operating_day(quarter_at)
        end as worked_for,
        case when is_planned then plan.s else source_id end as source_id,
        case when is_planned then plan.l else load_id end as load_id,
        case when is_planned then plan.n else line_no end as line_no
    from told
    where is_planned or state <> 'offline'
)
select
    pieces.agent,
    pieces.started_at,
    pieces.ended_at,
    pieces.worked_for as worked_on,
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
