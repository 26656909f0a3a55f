-- no row: takes away the items of an unused version of a form
delete from lake.form_item where form_id = $form and form_version = $version
