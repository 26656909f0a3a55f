-- one row per column of the lake's tables as they were at a snapshot
select ducklake_table.table_name, ducklake_column.column_name
from __ducklake_metadata_lake.ducklake_table
join __ducklake_metadata_lake.ducklake_column using (table_id)
where ducklake_table.begin_snapshot <= $snapshot
    and coalesce(ducklake_table.end_snapshot > $snapshot, true)
    and ducklake_column.begin_snapshot <= $snapshot
    and coalesce(ducklake_column.end_snapshot > $snapshot, true)
    and ducklake_column.parent_column is null
order by ducklake_table.table_name, ducklake_column.column_order
