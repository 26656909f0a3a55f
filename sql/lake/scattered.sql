-- one row per table whose rows stand in more files than one, or in files with deleted rows
select ducklake_table.table_name
from __ducklake_metadata_lake.ducklake_table
join __ducklake_metadata_lake.ducklake_data_file using (table_id)
left join (
    select data_file_id
    from __ducklake_metadata_lake.ducklake_delete_file
    where end_snapshot is null
) as deleted using (data_file_id)
where ducklake_table.end_snapshot is null
    and ducklake_data_file.end_snapshot is null
group by ducklake_table.table_name
having count(*) > 1 or count(deleted.data_file_id) > 0
order by ducklake_table.table_name
