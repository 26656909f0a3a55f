-- one row per source with legs whose contact is unknown
select
    source_id || ': legs without a contact' as place,
    0::double as stated,
    count(*)::double as found
from lake.leg
where contact_id not in (select contact_id from lake.contact)
group by source_id
