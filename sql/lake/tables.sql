-- one row per table of the lake; the catalogue itself answers several times faster than the engine's list of tables
select table_name
from __ducklake_metadata_lake.ducklake_table
where end_snapshot is null
order by table_name
