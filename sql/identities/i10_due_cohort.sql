-- one row per department whose requests are not on time + late closed + late open + not yet due + without date + unknown time
select
    coalesce(department, 'no department') as place,
    count(*)::double as stated,
    count(*) filter (where due_outcome in
        ('on_time', 'late_closed', 'late_open', 'not_yet_due', 'no_due_date', 'closed_at_unknown_time'))::double as found
from request
group by department
having stated <> found
