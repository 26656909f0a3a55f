-- one row per complete table of stored measures
select table_name, definition_hash
from lake.stored_measure
