-- one row per contact that only the case system knows: a case that came in another way than by a call, named by no contact
select
    key_id(source_id, source_key || chr(31) || 'contact') as contact_id,
    number as chain_key,
    channel,
    'inbound' as direction,
    'customer' as initiation,
    created_at as entered_at,
    request_type,
    caller_key,
    case when channel in ('web', 'app') then 'self_served' else 'answered' end as outcome,
    'case' as outcome_code,
    false as is_test,
    source_id, source_key, load_id, line_no, exported_at, time_q, row_hash
from lake.service_case
where case_id in (select case_id from linkable_case)
    and channel in ('email', 'web', 'app', 'chat', 'sms', 'walk_in', 'fax', 'letter', 'radio', 'social')
    and kind <> 'internal'
    and created_at is not null
    and number not in (select case_number from lake.contact_case where method = 'attribute')
