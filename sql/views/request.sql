-- one row per service request, in its newest known state
with known as (
    select
        service_case.* replace (coalesce(service_case.due_at, case_deadline.due_at) as due_at),
        source_cutoff.cutoff_at,
        status in ('closed', 'duplicate', 'cancelled', 'merged') as is_closed,
        status = 'duplicate' or parent_case_id is not null as is_duplicate
    from lake.service_case
    join source_cutoff using (source_id)
    left join case_deadline on case_deadline.case_id = service_case.case_id
    where kind = 'request'
)
select
    case_id,
    number as case_number,
    created_at,
    due_at,
    promised_at,
    first_closed_at,
    closed_at,
    cutoff_at,
    false as is_day_only,
    department,
    request_type,
    channel,
    status,
    closure_reason,
    parent_case_id,
    is_closed,
    is_duplicate,
    on_time_vendor,
    case
        when due_at is null then 'no_due_date'
        when is_closed and closed_at is null then 'closed_at_unknown_time'
        when is_closed and closed_at <= due_at then 'on_time'
        when is_closed then 'late_closed'
        when due_at <= cutoff_at then 'late_open'
        else 'not_yet_due'
    end as due_outcome,
    case
        when promised_at is null then 'no_promise'
        when is_closed and closed_at is null then 'closed_at_unknown_time'
        when is_closed and closed_at <= promised_at then 'kept'
        when promised_at <= cutoff_at then 'broken'
        else 'not_yet_due'
    end as promise_outcome,
    epoch_ms(coalesce(first_closed_at, cutoff_at)) - epoch_ms(created_at) as to_first_closure_ms,
    epoch_ms(case when is_closed then closed_at else cutoff_at end) - epoch_ms(created_at) as to_last_closure_ms,
    source_id,
    load_id,
    line_no
from known
