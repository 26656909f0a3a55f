-- one row per ring that an agent did not answer
with connections as (
    select
        touched_record.* exclude (fields),
        unnest(from_json(fields, '{
            "resource_id": "VARCHAR", "start_time": "TIMESTAMP", "ring_time": "BIGINT", "talk_time": "BIGINT",
            "rna": "BOOLEAN"
        }'))
    from touched_record
    where kind = 'connection'
)
select
    key_id($source, source_key) as leg_event_id,
    key_id($source, group_key) as contact_id,
    'ring' as type,
    start_time as start_at,
    start_time + to_milliseconds(ring_time) as end_at,
    ring_time as dur_ms,
    resource_id as agent_id,
    'no_answer' as result,
    $source as source_id,
    source_key,
    load_id,
    line_no,
    exported_at,
    time_q,
    row_hash
from connections
where coalesce(rna, false) or talk_time = 0
