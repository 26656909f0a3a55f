-- one contact of a caller who had been in touch about the same thing within the window before, answered or not
with arrivals as (
    select
        contact.*,
        coalesce(contact.request_type, '(none)') as topic,
        rule('repeat_days', 7) * 86400000 as window_ms
    from contact
    where contact.direction = 'inbound'
        and contact.caller_key is not null
        and contact.entered_at >= first_day - interval 2 day - to_milliseconds((rule('repeat_days', 7) * 86400000)::bigint)
        and contact.entered_at < until_day + interval 2 day
),
counted as (
    select
        arrivals.*,
        epoch_ms(entered_at) as entered_ms,
        count(*) over (partition by caller_key) as contacts_of_caller
    from arrivals
),
followed as (
    select
        counted.*,
        concat(caller_key, ' ', topic) as caller_and_topic,
        count(*) over so_far as times,
        min(entered_at) over so_far as first_at
    from counted
    where contacts_of_caller <= rule('shared_line_contacts', 1e12)
    window so_far as (
        partition by caller_key, topic
        order by entered_ms
        range between (rule('repeat_days', 7) * 86400000)::bigint preceding and current row
    )
)
select *
from followed
where times > 1
