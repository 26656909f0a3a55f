-- one row per contact and case that belong together though neither names the other, or where only the case names the call
with cases as (
    select *
    from lake.service_case
    where service_case.case_id in (select case_id from linkable_case)
        and service_case.channel = 'voice'
        and service_case.number not in (select case_number from lake.contact_case where method = 'attribute')
),
calls_named as (
    select cases.case_id, contact.contact_id, 'cti' as method, 0.99 as confidence, 0 as distance_ms
    from cases
    join lake.contact on contact.chain_key = cases.call_id or contact.source_key = cases.call_id
    where cases.call_id is not null
),
calls_at_hand as (
    select
        cases.case_id,
        leg.contact_id,
        cases.caller_key = contact.caller_key as is_same_caller,
        cases.created_at <= coalesce(leg.acw_end_at, leg.released_at) as is_during,
        cases.caller_key <> contact.caller_key as is_other_caller,
        epoch_ms(cases.created_at) - epoch_ms(leg.answered_at) as distance_ms
    from cases
    join lake.leg
        on leg.agent_id = cases.created_by
        and cases.created_at >= leg.answered_at
        -- a case is often saved just after the call; five minutes on, it belongs to something else
        and cases.created_at <= coalesce(leg.acw_end_at, leg.released_at) + interval 5 minutes
    join lake.contact on contact.contact_id = leg.contact_id
    where contact.channel = 'voice'
),
candidates as (
    select * from calls_named
    union all
    select
        case_id,
        contact_id,
        case when is_same_caller then 'agent_time_phone' else 'agent_time' end as method,
        case when is_same_caller then 0.95 when is_other_caller then 0.5 when is_during then 0.8 else 0.6 end as confidence,
        distance_ms
    from calls_at_hand
),
chosen as (
    select *
    from candidates
    qualify row_number() over (partition by case_id order by confidence desc, distance_ms, contact_id) = 1
)
select
    chosen.contact_id,
    cases.case_id,
    cases.number as case_number,
    'create' as role,
    chosen.method,
    chosen.confidence,
    cases.created_at as decided_at,
    cases.source_id, cases.source_key, cases.load_id, cases.line_no, cases.exported_at,
    'derived' as time_q,
    cases.row_hash
from chosen
join cases using (case_id)
