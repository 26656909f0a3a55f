-- one row per source whose visits offered are not contacts offered + re-entries
select
    source_id as place,
    count(*)::double as stated,
    (count(distinct contact_id) + count(*) filter (where visit_no > 1))::double as found
from visit
group by source_id
having stated <> found
