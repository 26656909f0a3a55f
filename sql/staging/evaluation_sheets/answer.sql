-- one row per criterion of an evaluation that holds something
with columns_of_a_sheet as (
    select null::double as item_most, null::struct(key varchar, text varchar, value varchar)[] as items
    where false
),
evaluations as (
    select * from columns_of_a_sheet
    union all by name
    select * from typed_row
),
criteria as (
    select * exclude (items, item), item.key as item_id, item.value as answer
    from (select *, unnest(items) as item from evaluations)
),
marked as (
    select
        *,
        regexp_full_match(lower(answer), 'n/?a|not applicable|-') as is_na,
        case
            when lower(answer) in ('y', 'yes', 'pass', 'met', 'true') then coalesce(item_most, 1)
            when lower(answer) in ('n', 'no', 'fail', 'not met', 'false') then 0
            else try_cast(rtrim(answer, '% ') as double)
        end as points,
        coalesce(item_most, case when regexp_full_match(lower(answer), 'y|yes|n|no|pass|fail|met|not met|true|false') then 1 end)
            as max_points
    from criteria
)
select
    key_id($source, 'evaluation ' || source_key) as evaluation_id,
    item_id,
    1 as occurrence,
    answer as value_text,
    points,
    max_points,
    case when max_points > 0 then 100 * points / max_points end as score_pct,
    is_na,
    case when is_na then 'person' end as na_by,
    not is_na and points is not null as is_scored,
    false as failed_autofail,
    source_key || ' ' || item_id as source_key,
    load_id, line_no, exported_at, time_q, row_hash
from marked
