-- one row per spell of an agent in a team, open spells ending in the far future
select
    agent_id,
    any_value(team_id) as team,
    any_value(shift) as shift,
    any_value(site) as site,
    valid_from,
    coalesce(max(valid_to), date '9999-12-31') as valid_to
from lake.team_member
group by agent_id, valid_from
