-- contacts that name a case are linked + unlinked ones, phone requests those with a contact + orphans
with named as (
    select contact_case.contact_id, contact_case.case_number, contact.chain_key
    from lake.contact_case
    join lake.contact using (contact_id)
    where not contact.is_test and near(contact.entered_at, $days::date[])
        and operating_day(contact.entered_at) in (select unnest($days::date[]))
),
known as (
    select number, count(*) as cases
    from lake.service_case
    group by number
),
linked as (
    select contact_id, case_number, count(*) as links
    from contact_link
    where contact_id in (select contact_id from named)
    group by contact_id, case_number
),
compared as (
    select named.*, (known.number is not null)::integer as expected, coalesce(linked.links, 0) as links
    from named
    left join known on known.number = named.case_number
    left join linked using (contact_id, case_number)
)
select
    'contacts that name a case' as place,
    sum(expected)::double as stated,
    sum(links)::double as found,
    list(chain_key order by chain_key) as behind
from compared
where expected <> links
having count(*) > 0
