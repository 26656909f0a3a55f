-- one row per evaluation
select
    key_id($source, source_key) as evaluation_id,
    form_id,
    form_version,
    -- the contact is named by the call id of the plain phone file, or by its key in another source
    key_id(coalesce(contact_source, 'plain_calls'), call_id) as contact_id,
    agent_id,
    evaluator_id,
    'person' as evaluator_kind,
    type,
    selection,
    session_id,
    'released' as status,
    contact_at,
    submitted_at,
    submitted_at as released_at,
    score as score_pct,
    key_id($source, supersedes) as supersedes_id,
    source_key, load_id, line_no, exported_at, time_q, row_hash
from typed_row
