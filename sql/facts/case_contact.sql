-- one row per contact that only the case system knows: a case that came in another way than by a call, and what its
-- resident wrote after it was closed; other messages belong to the contact that opened the case
with cases as (
    select *
    from lake.service_case
    where case_id in (select case_id from linkable_case) and kind <> 'internal'
),
openings as (
    select
        key_id(source_id, source_key || chr(31) || 'contact') as contact_id,
        case_id,
        'create' as role,
        channel,
        created_at as entered_at,
        source_key, load_id, line_no, exported_at, time_q, row_hash
    from cases
    where channel in ('email', 'web', 'app', 'chat', 'sms', 'walk_in', 'fax', 'letter', 'radio', 'social')
        and number not in (select case_number from lake.contact_case where method = 'attribute')
),
messages as (
    select
        case_event.*,
        cases.channel,
        (
            select arg_max(earlier.event, (earlier.happened_at, earlier.seq))
            from lake.case_event as earlier
            where earlier.case_id = case_event.case_id and earlier.event in ('closed', 'reopened')
                and earlier.happened_at < case_event.happened_at
        ) as stood_as
    from lake.case_event
    join cases on cases.case_id = case_event.case_id and cases.requester_id = case_event.done_by
    where case_event.event = 'noted' and case_event.visibility = 'public'
),
contacts as (
    select * from openings
    union all by name
    select
        key_id(source_id, source_key || chr(31) || 'contact') as contact_id,
        case_id,
        'update' as role,
        case when channel in ('voice', 'walk_in') then 'email' else channel end as channel,
        happened_at as entered_at,
        source_key, load_id, line_no, exported_at, time_q, row_hash
    from messages
    where stood_as = 'closed'
)
select
    contacts.contact_id,
    contacts.case_id,
    contacts.role,
    cases.number as chain_key,
    contacts.channel,
    'inbound' as direction,
    'customer' as initiation,
    contacts.entered_at,
    cases.request_type,
    cases.caller_key,
    case when contacts.channel in ('web', 'app') and contacts.role = 'create' then 'self_served' else 'answered' end as outcome,
    'case' as outcome_code,
    false as is_test,
    cases.source_id,
    contacts.source_key, contacts.load_id, contacts.line_no, contacts.exported_at, contacts.time_q, contacts.row_hash
from contacts
join cases using (case_id)
where contacts.entered_at is not null
