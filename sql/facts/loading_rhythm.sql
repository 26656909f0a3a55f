-- one row per source: when it was loaded last, how many days it was loaded on, and the usual days between two of them
with loading_day as (
    select distinct source_id, loaded_at::date as day
    from lake.load_file
    where verdict = 'accepted'
),

gap as (
    select source_id, day, day - lag(day) over (partition by source_id order by day) as days
    from loading_day
),

rhythm as (
    select source_id as source, max(day) as last_day, count(*) as loading_days, median(days) as usual_days
    from gap
    group by source_id
)

select * from rhythm order by source
