-- at most one row: the number of a contact that its source knows by a key
select contact_id
from lake.contact
where source_id = $source and source_key = $key
