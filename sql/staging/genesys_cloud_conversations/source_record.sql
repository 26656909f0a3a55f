-- one row per session of a participant; of its segments only what facts are made of is kept, no note and no address
with shaped as (
    select
        * exclude (segments, metrics),
        from_json(segments, '[{
            "segmentType": "VARCHAR", "segmentStart": "VARCHAR", "segmentEnd": "VARCHAR", "queueId": "VARCHAR",
            "wrapUpCode": "VARCHAR", "disconnectType": "VARCHAR", "conference": "BOOLEAN"
        }]') as segments,
        from_json(metrics, '[{"name": "VARCHAR", "value": "BIGINT"}]') as metrics
    from typed_row
)
select
    key_id($source, source_key) as record_id,
    'session' as kind,
    'contact' as about,
    conversation_id as group_key,
    conversation_start as happened_at,
    to_json(shaped)::varchar as fields,
    source_key,
    load_id,
    line_no,
    exported_at,
    time_q,
    row_hash
from shaped
