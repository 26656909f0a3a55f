-- one row: contacts that name a case, and how many of those cases are known
select
    count(*) as named,
    count(service_case.number) as linked
from lake.contact_case
left join (select distinct number from lake.service_case) as service_case
    on service_case.number = contact_case.case_number
