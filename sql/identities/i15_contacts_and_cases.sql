-- one row when the contacts that name a case are not linked + unlinked ones
with named as (
    select contact_id, case_number from lake.contact_case
),
matched as (
    select named.contact_id, named.case_number
    from named
    semi join lake.service_case on service_case.number = named.case_number
),
unmatched as (
    select named.contact_id, named.case_number
    from named
    anti join lake.service_case on service_case.number = named.case_number
)
select
    'all contacts' as place,
    (select count(*) from named)::double as stated,
    ((select count(*) from matched) + (select count(*) from unmatched))::double as found
where stated <> found
