-- one row per case whose events are derived anew: its exported states or its own history changed
create or replace temp table touched_case as
select case_id from new_case_version
union
select case_id from staged_case_change
