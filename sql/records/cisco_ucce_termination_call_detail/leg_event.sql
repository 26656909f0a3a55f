-- one row per ring that an agent did not answer
with legs as (
    select
        touched_record.* exclude (fields),
        unnest(from_json(fields, '{"call_disposition": "BIGINT", "ring_time": "BIGINT", "agent": "VARCHAR"}'))
    from touched_record
    where about = 'contact'
)
select
    key_id($source, source_key || chr(31) || 'ring') as leg_event_id,
    key_id($source, source_key) as leg_id,
    key_id($source, group_key) as contact_id,
    'ring' as type,
    happened_at - to_milliseconds(ring_time) as start_at,
    happened_at as end_at,
    ring_time as dur_ms,
    agent as agent_id,
    'no_answer' as result,
    $source as source_id,
    source_key,
    load_id,
    line_no,
    exported_at,
    'exact' as time_q,
    row_hash
from legs
where call_disposition = 19
