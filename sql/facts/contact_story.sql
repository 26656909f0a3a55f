-- one row: a contact with the file and line that it came from
select contact.*, load_file.file_name
from lake.contact
left join lake.load_file using (load_id)
where contact_id = $contact_id
