-- one row per case of one export, in the state that the export shows
select
    key_id($source, source_key) as case_id,
    case_enquiry_id as number,
    'request' as kind,
    type as request_type,
    reason as subtype,
    case_title as title,
    case
        when case_status = 'closed' and closure_reason ilike '%duplicate of%' then 'duplicate'
        else case_status
    end as status,
    case_status as status_code,
    closure_reason,
    case source
        when 'Constituent Call' then 'voice'
        when 'Self Service' then 'web'
        when 'Citizens Connect App' then 'app'
        when 'Twitter' then 'social'
        when 'Employee Generated' then 'internal'
        else lower(source)
    end as channel,
    department,
    'queue' as owner_type,
    queue as owner_id,
    open_dt as created_at,
    closed_dt as closed_at,
    target_dt as due_at,
    case
        when case_status = 'closed'
        then nullif(regexp_extract(closure_reason, '(?i)duplicate of (?:existing )?(?:case )?#?([0-9]{6,})', 1), '')
    end as parent_number,
    neighborhood as area,
    ontime as on_time_vendor,
    source_key, load_id, line_no, exported_at, time_q, row_hash
from typed_row
