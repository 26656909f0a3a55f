-- one row per file that the newest snapshot is made of, its path under the data and its bytes
with live as (
    select table_id, path, path_is_relative, file_size_bytes
    from __ducklake_metadata_lake.ducklake_data_file
    where end_snapshot is null
    union all
    select table_id, path, path_is_relative, file_size_bytes
    from __ducklake_metadata_lake.ducklake_delete_file
    where end_snapshot is null
)
select
    case
        when not live.path_is_relative then live.path
        when not ducklake_table.path_is_relative then ducklake_table.path || live.path
        else ducklake_schema.path || ducklake_table.path || live.path
    end as path,
    live.file_size_bytes
from live
join __ducklake_metadata_lake.ducklake_table
    on ducklake_table.table_id = live.table_id
    and ducklake_table.end_snapshot is null
join __ducklake_metadata_lake.ducklake_schema
    on ducklake_schema.schema_id = ducklake_table.schema_id
    and ducklake_schema.end_snapshot is null
order by path
