-- one row per queue name in the data that neither the centre's settings have nor somebody called a queue of its own
select first_queue_id as name, count(*) as contacts
from lake.contact
-- contacts that only the case system knows stood in no queue
where first_queue_id is not null and first_queue_id not in (select queue_id from lake.queue)
    and first_queue_id not in (
        select alias from lake.alias where kind = 'queue' and alias = entity_id and deleted_seen_at is null
    )
group by first_queue_id
order by contacts desc
