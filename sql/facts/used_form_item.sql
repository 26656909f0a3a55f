-- one row per kept item of a form version that evaluations were made with
select form_id, form_version, item_id, section, text, weight, max_points, critical_class
from lake.form_item
where (form_id, form_version) in (select (form_id, form_version) from lake.evaluation)
