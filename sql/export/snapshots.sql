-- one row per snapshot of the warehouse: its number, which --as-of takes, and when it was made
select
    snapshot_id as snapshot,
    snapshot_time as made_at,
    local_time(snapshot_time at time zone 'UTC') as made_at_local
from ducklake_snapshots('lake')
where ($first::date is null or operating_day(snapshot_time at time zone 'UTC') >= $first::date)
    and ($until::date is null or operating_day(snapshot_time at time zone 'UTC') < $until::date)
order by snapshot_id
