-- one piece of the work on a leg within one quarter of an hour; the pieces of a leg add up to its handle time
with legs as (
    select
        *,
        epoch_ms(completed_at) - epoch_ms(answered_at) as wall_ms
    from worked_leg
    where handle_ms is not null and answered_at < until_day + interval 2 day and completed_at > first_day - interval 2 day
),
edges as (
    select
        *,
        unnest(
            case
                when wall_ms <= 0 then [answered_at]
                else list_distinct([answered_at] || generate_series(
                    time_bucket(interval 15 minute, answered_at) + interval 15 minute, completed_at - interval 1 microsecond, interval 15 minute
                ))
            end
        ) as started_at
    from legs
),
cut as (
    select
        *,
        case
            when wall_ms <= 0 then completed_at
            else least(completed_at, time_bucket(interval 15 minute, started_at) + interval 15 minute)
        end as ended_at
    from edges
)
select
    * exclude (arrived_at),
    -- by the clock on the wall, so that what a source rounds or leaves out does not get lost between the pieces
    case
        when wall_ms <= 0 then handle_ms
        else (handle_ms * (epoch_ms(ended_at) - epoch_ms(answered_at)) // wall_ms) - (handle_ms * (epoch_ms(started_at) - epoch_ms(answered_at)) // wall_ms)
    end as work_ms
from cut
