-- one row: the number of the snapshot being read
select max(snapshot_id)
from ducklake_snapshots('lake')
