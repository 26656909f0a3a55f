-- one row per contact that an agent dealt with and that can be reviewed, with the agent who had it last
with dealt as (
    select
        contact_id,
        arg_max(agent, completed_at) as agent,
        arg_max(queue, completed_at) as queue,
        max(completed_at) as completed_at
    from handled_leg
    where is_inbound and agent is not null
        and completed_at >= $first::date - interval 2 day and completed_at < $until::date + interval 2 day
    group by contact_id
),
reviewed as (
    select distinct contact_id
    from lake.evaluation
    where contact_id is not null and deleted_seen_at is null and coalesce(status, 'released') <> 'retracted'
)
select
    dealt.contact_id,
    lake.contact.source_id || ':' || lake.contact.source_key as contact_key,
    lake.contact.source_key as call_id,
    dealt.agent as agent_id,
    date_trunc('month', operating_day(dealt.completed_at))::date as month,
    local_time(dealt.completed_at) as completed_local,
    coalesce(dealt.queue, '(none)') as queue,
    coalesce(lake.contact.channel, '(none)') as channel,
    coalesce(lake.contact.language, '(none)') as language,
    reviewed.contact_id is not null as is_reviewed
from dealt
join lake.contact using (contact_id)
left join reviewed using (contact_id)
where operating_day(dealt.completed_at) >= $first::date and operating_day(dealt.completed_at) < $until::date
order by contact_key
