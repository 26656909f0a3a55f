-- one row per data file of a table that the newest snapshot names
select data_file
from ducklake_list_files('lake', $table)
