-- one row per source: when it was loaded last, how many days it was loaded on, and the usual days between two of them
with loading_day as (
    -- the last day is that of the last load, which may be earlier: a clock that was ahead made loads of a later day
    select
        source_id,
        loaded_at::date as day,
        arg_max(loaded_at::date, max(load_id)) over (partition by source_id) as last_day
    from lake.load_file
    where verdict = 'accepted'
    group by source_id, loaded_at::date
),

gap as (
    select source_id, last_day, day - lag(day) over (partition by source_id order by day) as days
    from loading_day
),

rhythm as (
    select source_id as source, any_value(last_day) as last_day, count(*) as loading_days, median(days) as usual_days
    from gap
    group by source_id
)

select * from rhythm order by source
