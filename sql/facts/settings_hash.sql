-- one row: what tells the stored settings from changed ones
select settings_hash
from lake.centre
