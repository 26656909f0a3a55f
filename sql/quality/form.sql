-- one row per version of an evaluation form, with the rules of its score; a form that only an export gave has the plain ones
with known as (
    select form_id, form_version, min(position) as first_position
    from lake.form_item
    where deleted_seen_at is null
    group by all
)
select
    known.form_id,
    known.form_version,
    coalesce(form.title, known.form_id) as title,
    coalesce(form.channels, '') as channels,
    coalesce(form.valid_from, date '1900-01-01') as valid_from,
    coalesce(form.own_team, 'allowed') as own_team,
    coalesce(form.method, 'fairline') as method,
    coalesce(form.inside, 'weight') as inside,
    coalesce(form.across, 'items') as across,
    coalesce(form.na, 'leave') as na,
    coalesce(form.blank, 'incomplete') as blank,
    coalesce(form.critical, 'separate') as critical,
    coalesce(form.from_least, false) as from_least,
    form.pass_at,
    coalesce(form.bands, '[]') as bands
from known
left join lake.form using (form_id, form_version)
order by form_id, form_version
