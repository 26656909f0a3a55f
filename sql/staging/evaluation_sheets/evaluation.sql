-- one row per evaluation; its criteria stand across
with columns_of_a_sheet as (
    select
        null::varchar as contact_key,
        null::varchar as agent_id,
        null::varchar as evaluator_id,
        null::varchar as form_id,
        null::varchar as form_version,
        null::varchar as evaluation_type,
        null::varchar as selection,
        null::timestamp as contact_at,
        null::timestamp as submitted_at,
        null::double as score,
        null::varchar as comment
    where false
),
evaluations as (
    select * from columns_of_a_sheet
    union all by name
    select * from typed_row
)
select
    key_id($source, 'evaluation ' || source_key) as evaluation_id,
    form_id,
    form_version,
    agent_id,
    evaluator_id,
    'person' as evaluator_kind,
    coalesce(evaluation_type, 'standard') as type,
    selection,
    'released' as status,
    contact_at,
    submitted_at,
    submitted_at as released_at,
    score as score_pct,
    comment,
    contact_key,
    source_key, load_id, line_no, exported_at, time_q, row_hash
from evaluations
