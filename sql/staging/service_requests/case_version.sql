-- one row per case of one export, in the state that the export shows; a layout fills the columns that its system has
with columns_of_a_case as (
    select
        null::varchar as number,
        null::varchar as kind,
        null::varchar as request_type,
        null::varchar as subtype,
        null::varchar as title,
        null::varchar as description,
        null::varchar as status,
        null::varchar as status_code,
        null::boolean as is_closed_vendor,
        null::varchar as closure_reason,
        null::varchar as priority,
        null::varchar as channel,
        null::varchar as department,
        null::varchar as owner_type,
        null::varchar as owner_id,
        null::timestamp as created_at,
        null::varchar as created_by,
        null::timestamp as updated_at,
        null::timestamp as status_at,
        null::timestamp as resolved_at,
        null::timestamp as closed_at,
        null::date as closed_on,
        null::timestamp as due_at,
        null::date as due_on,
        null::varchar as parent_number,
        null::boolean as is_duplicate,
        null::varchar as area,
        null::boolean as is_private,
        null::boolean as on_time_vendor,
        null::boolean as first_contact_resolution_vendor,
        null::integer as reopen_count_vendor,
        null::varchar as call_id,
        null::varchar as caller,
        null::varchar as extra
    where false
),
cases as (
    select * from columns_of_a_case
    union all by name
    select * from typed_row
),
judged as (
    select
        * replace (
            -- some closings are entered as a day and exported as its midnight, hours before the case was opened
            case when closed_at < created_at then closed_at + interval 1 day - interval 1 second else closed_at end as closed_at
        ),
        coalesce(closed_at < created_at, false) or (closed_at is null and resolved_at is null and closed_on is not null)
            as is_closing_day_only,
        case
            when is_duplicate then 'duplicate'
            when is_closed_vendor and not is_closed(case_status(status)) then 'closed'
            when not is_closed_vendor and is_closed(case_status(status)) then 'open'
            else coalesce(case_status(status), case when coalesce(closed_at, resolved_at) is null then 'open' else 'closed' end)
        end as known_status
    from cases
)
select
    key_id($source, source_key) as case_id,
    coalesce(number, source_key) as number,
    case when kind is null and request_type ilike '%information only%' then 'information' else case_kind(kind) end as kind,
    request_type,
    subtype,
    coalesce(title, request_type) as title,
    description,
    known_status as status,
    coalesce(status_code, status) as status_code,
    closure_reason,
    priority,
    contact_channel(channel) as channel,
    department,
    coalesce(owner_type, case when owner_id is not null or department is not null then 'department' end) as owner_type,
    coalesce(owner_id, department) as owner_id,
    created_at,
    created_by,
    updated_at,
    -- a closing date without a time means some time on that day; its end is the only moment that is never too early
    case
        when is_closed(known_status)
        then coalesce(resolved_at, closed_at, utc_of(closed_on + interval 1 day - interval 1 second), status_at)
    end as closed_at,
    case
        when not is_closed(known_status) then null
        when is_closing_day_only then 'date_only'
        when coalesce(resolved_at, closed_at) is not null then 'exact'
        -- the last change stands for a closing time that the system does not export
        when status_at is not null then 'derived'
    end as closed_q,
    coalesce(due_at, utc_of(due_on + interval 1 day - interval 1 second)) as due_at,
    parent_number,
    area,
    is_private,
    on_time_vendor,
    first_contact_resolution_vendor,
    reopen_count_vendor,
    call_id,
    caller as caller_key,
    source_key, load_id, line_no, exported_at, time_q, row_hash, extra
from judged
