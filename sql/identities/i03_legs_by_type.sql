-- one row per agent whose legs handled are not queue + direct + callback + outbound legs of contacts that are known
with handled as (
    select agent, count(*) as legs from handled_leg group by agent
),
stored as (
    select leg.agent_id as agent, count(*) as legs
    from lake.leg
    join lake.contact using (contact_id)
    where leg.answered_at is not null and leg.leg_type in ('queue', 'direct', 'callback', 'outbound') and not contact.is_test
    group by leg.agent_id
)
select coalesce(handled.agent, stored.agent, 'no agent') as place, stored.legs::double as stated, handled.legs::double as found
from handled
full join stored on handled.agent is not distinct from stored.agent
where handled.legs is distinct from stored.legs
