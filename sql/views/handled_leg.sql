-- one row per leg in which an agent dealt with a contact
select *
from worked_leg
where is_handled
