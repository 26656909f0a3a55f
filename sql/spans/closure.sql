-- one closure of a service request, and what followed within the window that the centre set
with reach as (
    select
        rule('reopen_days', 14) * 86400000 as window_ms,
        rule('early_closure_minutes', 15) * 60000 as early_ms
),
closures as (
    select
        case_event.case_event_id,
        case_event.case_id,
        request.case_number,
        case_event.happened_at,
        coalesce(case_event.department, request.department) as department,
        request.request_type,
        request.channel,
        request.status,
        request.is_duplicate,
        request.created_at,
        request.cutoff_at,
        coalesce(case_event.text, version.closure_reason, case_event.to_code) as closure_reason,
        case_event.source_id,
        case_event.load_id,
        case_event.line_no
    from lake.case_event
    join request using (case_id)
    left join (
        select case_id, closed_at, any_value(closure_reason) as closure_reason
        from lake.case_version
        where closed_at is not null
        group by case_id, closed_at
    ) as version on version.case_id = case_event.case_id and version.closed_at = case_event.happened_at
    where case_event.event = 'closed'
        and case_event.happened_at >= first_day - interval 2 day and case_event.happened_at < until_day + interval 2 day
),
followed as (
    select closures.*, reopened.happened_at as reopened_at
    from closures
    asof left join (select case_id, happened_at from lake.case_event where event = 'reopened') as reopened
        on reopened.case_id = closures.case_id and closures.happened_at <= reopened.happened_at
),
repeated as (
    select followed.*, again.created_at as reported_again_at
    from followed
    asof left join (select parent_case_id, created_at from request where parent_case_id is not null) as again
        on again.parent_case_id = followed.case_id and followed.happened_at <= again.created_at
),
handed as (
    select case_id, min(happened_at) as handed_off_at
    from lake.case_event
    where event = 'assigned'
    group by case_id
)
select
    repeated.*,
    false as is_day_only,
    epoch_ms(repeated.happened_at) + reach.window_ms <= epoch_ms(repeated.cutoff_at) as is_window_complete,
    coalesce(epoch_ms(reopened_at) - epoch_ms(repeated.happened_at) <= reach.window_ms, false) as is_reopened,
    coalesce(epoch_ms(reported_again_at) - epoch_ms(repeated.happened_at) <= reach.window_ms, false) as is_reported_again,
    epoch_ms(repeated.happened_at) - epoch_ms(least(coalesce(handed_off_at, created_at), repeated.happened_at)) < reach.early_ms as is_early,
    regexp_matches(lower(coalesce(closure_reason, '')), 'referred|duplicate|jurisdiction|work order opened') as is_administrative
from repeated
cross join reach
left join handed using (case_id)
