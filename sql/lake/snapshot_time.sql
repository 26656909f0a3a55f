-- one row: when a snapshot was made
select snapshot_time
from ducklake_snapshots('lake')
where snapshot_id = $snapshot
