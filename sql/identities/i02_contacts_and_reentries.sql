-- visits offered are contacts offered + re-entries: each contact has one first visit
with visits as (
    select contact_id, contact_key, source_id, count(*) as visits, count(*) filter (where visit_no = 1) as first_visits
    from visit
    where contact_id in (
        select contact_id from lake.leg
        where leg_type in ('queue', 'callback') and near(queue_enter_at, $days::date[])
            and operating_day(queue_enter_at) in (select unnest($days::date[]))
    )
    group by contact_id, contact_key, source_id
)
select
    source_id as place,
    count(*)::double as stated,
    sum(first_visits)::double as found,
    list(contact_key order by contact_key) as behind
from visits
where first_visits <> 1
group by source_id
