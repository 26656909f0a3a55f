-- one row per column of a table of the newest snapshot, with the number by which data files know it, whatever its name was
select ducklake_table.table_name, ducklake_column.column_name, ducklake_column.column_id
from __ducklake_metadata_lake.ducklake_column
join __ducklake_metadata_lake.ducklake_table
    on ducklake_table.table_id = ducklake_column.table_id
    and ducklake_table.end_snapshot is null
where ducklake_column.end_snapshot is null and ducklake_column.parent_column is null
