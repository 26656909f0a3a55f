-- one row per queue that has opening hours: its own calendar, else the one for all queues
with queues as (
    select queue_id as queue from lake.queue
    union
    select distinct queue_id from lake.leg where queue_id is not null
)
select queues.queue, coalesce(own.calendar_id, general.calendar_id) as calendar_id
from queues
left join lake.calendar_use as own on own.kind = 'queue' and own.name = queues.queue
left join lake.calendar_use as general on general.kind = 'queue' and general.name is null
where coalesce(own.calendar_id, general.calendar_id) is not null
