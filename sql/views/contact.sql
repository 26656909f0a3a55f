-- one row per contact, whatever its channel and direction
select
    contact.contact_id,
    contact.chain_key as contact_key,
    contact.entered_at,
    contact.time_q = 'date_only' as is_day_only,
    contact.first_queue_id as queue,
    contact.channel,
    contact.direction,
    contact.language,
    contact.request_type,
    contact.outcome,
    contact.caller_key,
    contact.wrap_code,
    contact.channel in ('voice', 'chat') as is_live,
    contact.source_id,
    contact.load_id,
    contact.line_no
from lake.contact
where not contact.is_test
