-- one row per contact that was derived from its case, and that case
select
    derived_contact.contact_id,
    service_case.case_id,
    service_case.number as case_number,
    'create' as role,
    'derived' as method,
    1.0 as confidence,
    derived_contact.entered_at as decided_at,
    derived_contact.source_id, derived_contact.source_key, derived_contact.load_id, derived_contact.line_no,
    derived_contact.exported_at,
    'derived' as time_q,
    derived_contact.row_hash
from derived_contact
join lake.service_case
    on service_case.source_id = derived_contact.source_id and service_case.source_key = derived_contact.source_key
