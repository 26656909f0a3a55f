-- one row per column of the lake's tables; the catalogue itself answers several times faster than the engine's own list
select ducklake_table.table_name, ducklake_column.column_name
from __ducklake_metadata_lake.ducklake_table
join __ducklake_metadata_lake.ducklake_column using (table_id)
where ducklake_table.end_snapshot is null
    and ducklake_column.end_snapshot is null
    and ducklake_column.parent_column is null
order by ducklake_table.table_name, ducklake_column.column_order
