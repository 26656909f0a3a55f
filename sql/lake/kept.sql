-- one row: the data files of the newest snapshot, their bytes, and how many snapshots there are
select count(*), coalesce(sum(file_size_bytes), 0), (select count(*) from ducklake_snapshots('lake'))
from __ducklake_metadata_lake.ducklake_data_file
where end_snapshot is null
