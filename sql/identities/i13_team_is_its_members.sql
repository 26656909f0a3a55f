-- one row per agent and day whose work stands under two teams at once, so that teams add up to more than the centre
select
    agent || ' on ' || completed_at::date as place,
    count(distinct leg_id)::double as stated,
    count(*)::double as found
from handled_leg
group by agent, completed_at::date
having stated <> found
