-- one row per staged state of a case that differs from the state before it
create or replace temp table new_case_version as
with known as (
    select case_id, exported_at, row_hash, load_id, false as is_staged
    from lake.case_version
    where case_id in (select case_id from staged_case_version)
    union all
    select case_id, exported_at, row_hash, load_id, true as is_staged
    from staged_case_version
),
compared as (
    select
        *,
        lag(row_hash) over (partition by case_id order by exported_at, is_staged) as earlier_hash
    from known
)
select staged_case_version.*
from staged_case_version
join compared using (case_id, exported_at)
where compared.is_staged and compared.row_hash is distinct from compared.earlier_hash
