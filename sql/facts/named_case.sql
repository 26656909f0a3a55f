-- gives surveys and evaluations the case that they name by its number, once both are there
update lake.$table as naming
set case_id = known.case_id
from (
    select number, min(case_id) as case_id
    from lake.service_case
    where number in (select case_number from lake.$table where case_id is null)
    group by number
) as known
where naming.case_number = known.number and naming.case_id is null
