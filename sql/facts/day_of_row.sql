-- one row per local day on which the staged export has a row: when it began and when it ended
with days as (
    select distinct timezone($zone, $moment at time zone 'UTC')::date as day
    from typed_row
    where $moment is not null
)
select
    timezone($zone, day::timestamp) at time zone 'UTC' as from_at,
    timezone($zone, day::timestamp + interval 1 day) at time zone 'UTC' as until_at
from days
order by from_at
