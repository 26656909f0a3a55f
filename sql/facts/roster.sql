-- one row per spell of an agent in a team that touches the period
select
    team_member.agent_id,
    agent.display_name as name,
    team_member.team_id as team,
    team_member.supervisor_id as supervisor,
    team_member.shift,
    team_member.site,
    agent.languages,
    agent.hired_on,
    team_member.valid_from,
    team_member.valid_to
from lake.team_member
left join lake.agent using (source_id, agent_id)
where team_member.valid_from < $until and coalesce(team_member.valid_to, date '9999-12-31') > $first
order by name, team_member.agent_id, team_member.valid_from
