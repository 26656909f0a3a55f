-- one row per contact that belongs to one of the cases of a contact, with how the two were brought together
with own as (
    select case_number
    from lake.contact_case
    where contact_id = $contact_id
)
select
    contact_link.contact_id,
    contact_link.contact_key,
    contact_link.entered_at,
    contact_link.channel,
    contact_link.case_number,
    contact_link.role,
    contact_case.role is null as is_role_derived,
    contact_case.method,
    contact_case.confidence,
    load_file.file_name,
    contact_link.line_no
from contact_link
join own using (case_number)
join lake.contact_case
    on contact_case.contact_id = contact_link.contact_id and contact_case.case_number = contact_link.case_number
left join lake.load_file on load_file.load_id = contact_link.load_id
order by contact_link.entered_at, contact_link.contact_id
