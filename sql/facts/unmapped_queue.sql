-- one row per queue name in the data that the centre's settings do not have
select first_queue_id as name, count(*) as contacts
from lake.contact
-- contacts that only the case system knows stood in no queue
where first_queue_id is not null and first_queue_id not in (select queue_id from lake.queue)
group by first_queue_id
order by contacts desc
