-- one row per leg of a contact, in order
select leg.*, agent.display_name as agent_name, load_file.file_name
from lake.leg
left join (select agent_id, any_value(display_name) as display_name from lake.agent group by agent_id) as agent using (agent_id)
left join lake.load_file using (load_id)
where contact_id = $contact_id
order by seq, queue_enter_at
