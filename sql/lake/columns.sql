-- one row per column of the lake's tables
select table_name, column_name
from duckdb_columns()
where database_name = 'lake'
order by table_name, column_index
