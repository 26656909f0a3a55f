-- one row per version of a form that a file gave, with its digest
select form_id, form_version, digest
from lake.form
