-- gives surveys and evaluations the contact that they name by the phone system's own id, once both are there
update lake.$table as naming
set contact_id = known.contact_id
from (
    select contact_key, min(contact_id) as contact_id
    from (
        select chain_key as contact_key, contact_id from lake.contact where chain_key is not null
        union all
        select source_key, contact_id from lake.contact
    )
    where contact_key in (select contact_key from lake.$table where contact_id is null)
    group by contact_key
) as known
where naming.contact_key = known.contact_key and naming.contact_id is null
