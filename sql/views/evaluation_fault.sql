-- one row per evaluation and reason why it cannot be held against anybody (or, where `sets_aside` is false, should be looked at)
with answer_fault as (
    select
        evaluation_id,
        case
            when is_outside_scale then 'answer_outside_scale'
            when is_missing then 'incomplete'
            else 'item_not_on_form'
        end as reason,
        item_id as detail,
        true as sets_aside
    from evaluated_item
    where is_outside_scale or is_missing or is_off_form
)
from evaluation_conflict
union all
from answer_fault
