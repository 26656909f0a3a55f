-- the work of teams is that of their members by the membership of the day; nobody is in two teams at once
with overlapping as (
    select
        earlier.agent_id,
        later.valid_from as day,
        list_sort([earlier.team_id, later.team_id]) as teams
    from lake.team_member as earlier
    join lake.team_member as later
        on later.agent_id = earlier.agent_id and later.team_id <> earlier.team_id
        and later.valid_from >= earlier.valid_from and later.valid_from < coalesce(earlier.valid_to, date '9999-12-31')
    -- a later spell ends the one before it; two that begin on one day leave it open which counts
    where later.valid_from = earlier.valid_from
)
select distinct
    agent_id || ' from ' || day as place,
    1::double as stated,
    2::double as found,
    teams as behind
from overlapping
where day <= list_max($days::date[])
