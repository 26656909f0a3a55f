-- one row: the newest snapshot, when it was made, and how many are kept
select max(snapshot_id) as snapshot, max(snapshot_time) as made_at, count(*) as kept
from ducklake_snapshots('lake')
