-- one row per contact that was derived from its case, and that case
select
    contact_id,
    case_id,
    chain_key as case_number,
    role,
    'derived' as method,
    1.0 as confidence,
    entered_at as decided_at,
    source_id, source_key, load_id, line_no, exported_at,
    'derived' as time_q,
    row_hash
from derived_contact
