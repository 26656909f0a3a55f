-- one answered contact of a resident, and whether the same caller came back about the same thing
with reach as (
    select rule('repeat_days', 7) * 86400000 as window_ms
),
arrivals as (
    select
        contact.*,
        coalesce(contact.request_type, '(none)') as topic
    from contact
    where contact.direction = 'inbound'
        and contact.entered_at >= first_day - interval 2 day
        and contact.entered_at < until_day + interval 2 day + to_milliseconds((select window_ms from reach)::bigint)
),
ordered as (
    select
        arrivals.*,
        lead(entered_at) over (partition by caller_key, topic order by entered_at, contact_id) as next_on_topic_at,
        lead(entered_at) over (partition by caller_key order by entered_at, contact_id) as next_at,
        count(*) over (partition by caller_key) as contacts_of_caller
    from arrivals
),
sent_to_911 as (
    select distinct contact_id
    from lake.leg
    where transfer_class = '911'
)
select
    ordered.*,
    epoch_ms(next_on_topic_at) - epoch_ms(entered_at) <= reach.window_ms as came_back,
    epoch_ms(next_at) - epoch_ms(entered_at) <= reach.window_ms as came_back_for_anything,
    case
        when caller_key is null then 'no_caller'
        when sent_to_911.contact_id is not null then 'sent_to_911'
        when contacts_of_caller > rule('shared_line_contacts', 1e12) then 'shared_line'
        when epoch_ms(entered_at) + reach.window_ms > epoch_ms(source_cutoff.cutoff_at) then 'window_open'
        else 'judged'
    end as standing
from ordered
cross join reach
join source_cutoff using (source_id)
left join sent_to_911 using (contact_id)
where ordered.outcome = 'answered'
