-- one row per spell of an agent in a team, open spells ending in the far future; a later spell ends the one before it
with spells as (
    select
        agent_id,
        any_value(team_id) as team,
        any_value(shift) as shift,
        any_value(site) as site,
        valid_from,
        coalesce(max(valid_to), date '9999-12-31') as valid_to
    from lake.team_member
    group by agent_id, valid_from
),
people as (
    select agent_id, min(hired_on) as hired_on
    from lake.agent
    group by agent_id
)
select
    spells.agent_id,
    spells.team,
    spells.shift,
    spells.site,
    people.hired_on,
    spells.valid_from,
    least(spells.valid_to, coalesce(lead(spells.valid_from) over (partition by agent_id order by spells.valid_from), spells.valid_to))
        as valid_to
from spells
left join people using (agent_id)
