-- one row per event and thing that it is about: the task, or the worker
with subjects as (
    select *, 'contact' as about, task_sid as subject from typed_row where task_sid is not null
    union all
    select *, 'agent' as about, worker as subject from typed_row where event_type = 'worker.activity.update'
    union all
    -- housekeeping of the workspace: kept
    select *, 'system' as about, event_type as subject
    from typed_row
    where task_sid is null and event_type <> 'worker.activity.update'
)
select
    key_id($source, about || chr(31) || source_key) as record_id,
    'event' as kind,
    about,
    coalesce(subject, event_type) as group_key,
    event_ms as happened_at,
    to_json({
        'event': event_type, 'queue': task_queue, 'channel': channel, 'worker': worker, 'reservation': reservation,
        'activity': worker_activity, 'reason': reason, 'direction': attributes ->> '$.direction',
        'caller': caller_key(coalesce(attributes ->> '$.from', attributes ->> '$.caller')),
        'case_number': coalesce(attributes ->> '$.case_number', attributes ->> '$.caseNumber')
    })::varchar as fields,
    about || chr(31) || source_key as source_key,
    load_id,
    line_no,
    exported_at,
    time_q,
    row_hash
from subjects
