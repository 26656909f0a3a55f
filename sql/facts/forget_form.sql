-- no row: takes away an unused version of a form, for its new content to take its place
delete from lake.form where form_id = $form and form_version = $version
