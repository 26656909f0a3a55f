-- one row per table of the lake of which the catalogue keeps no statistics, as nothing was ever written to it
select ducklake_table.table_id
from __ducklake_metadata_lake.ducklake_table
left join __ducklake_metadata_lake.ducklake_table_stats using (table_id)
where ducklake_table.end_snapshot is null and ducklake_table_stats.table_id is null
