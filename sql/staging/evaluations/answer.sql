-- one row per answered item
with columns_of_an_answer as (
    select
        null::varchar as evaluation_key,
        null::varchar as item_id,
        null::varchar as answer,
        null::double as points,
        null::double as max_points,
        null::double as item_score,
        null::boolean as is_na,
        null::varchar as na_by,
        null::boolean as failed,
        null::varchar as cause,
        null::varchar as item_comment
    where false
),
answers as (
    select * from columns_of_an_answer
    union all by name
    select * from typed_row
)
select
    key_id($source, 'evaluation ' || evaluation_key) as evaluation_id,
    item_id,
    1 as occurrence,
    answer as value_text,
    -- a score of nothing is a score; what does not apply has none
    case when not coalesce(is_na, false) then points end as points,
    max_points,
    coalesce(item_score, case when max_points > 0 then 100 * points / max_points end) as score_pct,
    coalesce(is_na, false) as is_na,
    case when is_na then coalesce(na_by, 'person') end as na_by,
    not coalesce(is_na, false) and points is not null as is_scored,
    coalesce(failed, false) as failed_autofail,
    cause,
    item_comment as comment,
    source_key, load_id, line_no, exported_at, time_q, row_hash
from answers
where item_id is not null
