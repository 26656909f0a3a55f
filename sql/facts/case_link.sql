-- one row: contacts that name a case and how many of those are known; answered calls and phone cases, and how many have each other
with links as (
    select contact_case.contact_id, contact_case.case_number, service_case.case_id
    from lake.contact_case
    left join lake.service_case on service_case.number = contact_case.case_number
    where contact_case.method <> 'derived'
),
calls as (
    select contact_id
    from lake.contact
    where channel = 'voice' and direction = 'inbound' and outcome = 'answered' and not is_test
),
phone_cases as (
    select case_id from lake.service_case where channel = 'voice'
)
select
    (select count(distinct (contact_id, case_number)) from links) as named,
    (select count(distinct (contact_id, case_number)) from links where case_id is not null) as linked,
    (select count(*) from calls) as calls,
    (select count(*) from calls where contact_id in (select contact_id from links where case_id is not null)) as linked_calls,
    (select count(*) from phone_cases) as phone_cases,
    (select count(*) from phone_cases where case_id in (select case_id from links)) as linked_phone_cases
