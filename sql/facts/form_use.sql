-- one row: how many evaluations were made with a version of a form
select count(*)
from lake.evaluation
where form_id = $form and form_version = $version
