-- one row per case that somebody or a department of a changed name is part of
create or replace temp table touched_case as
select case_id from lake.case_version
where department in (select name from changed_name where kind = 'department')
    or owner_id in (select name from changed_name where kind = 'agent')
    or created_by in (select name from changed_name where kind = 'agent')
union
select case_id from lake.case_change
where department in (select name from changed_name where kind = 'department')
    or done_by in (select name from changed_name where kind = 'agent')
