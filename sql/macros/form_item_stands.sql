-- whether an exported item of a form may be taken: a version that evaluations were made with never changes
create or replace macro form_item_stands(its_form, its_version, its_item, its_section, its_text, its_weight, its_most, its_class) as (
    not exists (select 1 from used_form_item where form_id = its_form and form_version = its_version)
    or exists (
        select 1
        from used_form_item as kept
        where kept.form_id = its_form and kept.form_version = its_version and kept.item_id = its_item
            and kept.section is not distinct from its_section and kept.text is not distinct from its_text
            and kept.weight is not distinct from its_weight and kept.max_points is not distinct from its_most
            and kept.critical_class is not distinct from its_class
    )
)
