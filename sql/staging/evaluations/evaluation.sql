-- one row per evaluation, from rows of its answers; a layout fills the columns that its system has
with columns_of_an_evaluation as (
    select
        null::varchar as evaluation_key,
        null::varchar as contact_key,
        null::varchar as case_key,
        null::varchar as agent_id,
        null::varchar as evaluator_id,
        null::varchar as form_id,
        null::varchar as form_version,
        null::varchar as evaluation_type,
        null::varchar as selection,
        null::varchar as session_id,
        null::varchar as status,
        null::timestamp as contact_at,
        null::timestamp as started_at,
        null::timestamp as submitted_at,
        null::timestamp as released_at,
        null::double as score,
        null::double as critical_score,
        null::boolean as auto_fail,
        null::boolean as never_release,
        null::varchar as comment
    where false
),
evaluations as (
    select * from columns_of_an_evaluation
    union all by name
    select * from typed_row
)
select
    key_id($source, 'evaluation ' || evaluation_key) as evaluation_id,
    form_id,
    form_version,
    case when case_key is not null then key_id($source, case_key) end as case_id,
    agent_id,
    evaluator_id,
    'person' as evaluator_kind,
    case
        when evaluation_type ilike 'calibration' then 'calibration'
        when evaluation_type ilike 'rescore' then 'rescore'
        when evaluation_type ilike 'self' then 'self'
        else 'standard'
    end as type,
    selection,
    session_id,
    coalesce(status, 'released') as status,
    contact_at,
    started_at,
    submitted_at,
    coalesce(released_at, case when coalesce(status, 'released') = 'released' then submitted_at end) as released_at,
    epoch_ms(submitted_at) - epoch_ms(started_at) as duration_ms,
    score as score_pct,
    critical_score as critical_pct,
    auto_fail,
    never_release,
    comment,
    contact_key,
    case_key as case_number,
    evaluation_key as source_key,
    load_id, line_no, exported_at, time_q,
    -- any answer that changed makes it another version of the evaluation
    bit_xor(row_hash) over (partition by load_id, evaluation_key) as row_hash
from evaluations
qualify row_number() over (partition by load_id, evaluation_key order by line_no, row_hash) = 1
