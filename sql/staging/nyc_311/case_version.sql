-- one row per request of one export, in the state that the export shows
select
    key_id($source, source_key) as case_id,
    unique_key as number,
    'request' as kind,
    complaint_type as request_type,
    descriptor as subtype,
    complaint_type as title,
    case lower(status) when 'closed' then 'closed' when 'pending' then 'waiting' else 'open' end as status,
    status as status_code,
    resolution_description as closure_reason,
    case upper(channel)
        when 'PHONE' then 'voice'
        when 'ONLINE' then 'web'
        when 'MOBILE' then 'app'
        else lower(channel)
    end as channel,
    agency as department,
    'department' as owner_type,
    agency as owner_id,
    created_date as created_at,
    updated_date as updated_at,
    case when lower(status) = 'closed' then closed_date end as closed_at,
    due_date as due_at,
    borough as area,
    source_key, load_id, line_no, exported_at, time_q, row_hash
from typed_row
