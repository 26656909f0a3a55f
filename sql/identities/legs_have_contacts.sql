-- every leg belongs to a contact that is known
select
    source_id as place,
    0::double as stated,
    count(*)::double as found,
    list(source_key order by source_key) as behind
from lake.leg
where contact_id not in (select contact_id from lake.contact)
    and near(queue_enter_at, $days::date[]) and operating_day(queue_enter_at) in (select unnest($days::date[]))
group by source_id
