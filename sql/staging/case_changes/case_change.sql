-- one row per change of a case that its system recorded; a layout fills the columns that its system has
with columns_of_a_change as (
    select
        null::varchar as case_key,
        null::varchar as event,
        null::varchar as field,
        null::varchar as from_value,
        null::varchar as to_value,
        null::varchar as from_code,
        null::varchar as to_code,
        null::timestamp as changed_at,
        null::varchar as changed_by,
        null::varchar as department,
        null::varchar as visibility,
        null::varchar as text
    where false
),
changes as (
    select * from columns_of_a_change
    union all by name
    select * from typed_row
),
named as (
    select
        * replace (
            coalesce(event, case
                when regexp_full_match(lower(field), '(rc_)?(case )?(status|state)(code)?|incident_state') then 'status'
                -- the same change of owner is recorded a second time by id
                when regexp_matches(to_value, '^(005|00G)[A-Za-z0-9]{12,15}$') then 'field'
                when regexp_matches(lower(field), '^(case )?owner(id)?$|^assign(ed|ee)|^assignment_group|^group_id$|^provider_grp') then 'assigned'
                when regexp_matches(lower(field), '^due|sla_date|^resolveby') then 'due_changed'
                when regexp_matches(lower(field), 'escalat') then 'escalated'
                when regexp_matches(lower(field), '^merge|^masterid|master case') then 'merged'
                when regexp_matches(lower(field), 'comment|work_notes|note') then 'noted'
                when lower(field) = 'created' then 'created'
                else 'field'
            end) as event
        )
    from changes
)
select
    key_id($source, 'change ' || source_key) as case_change_id,
    key_id($source, case_key) as case_id,
    changed_at as happened_at,
    event,
    field,
    case event when 'status' then case_status(from_value) when 'noted' then null else from_value end as from_value,
    case event when 'status' then case_status(to_value) when 'noted' then null else to_value end as to_value,
    coalesce(from_code, from_value) as from_code,
    coalesce(to_code, to_value) as to_code,
    changed_by as done_by,
    department,
    visibility,
    coalesce(text, case event when 'noted' then to_value end) as text,
    source_key, load_id, line_no, exported_at, time_q, row_hash
from named
