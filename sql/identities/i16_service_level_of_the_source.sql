-- answered in time by our targets are the visits that the phone system itself says met its service level, within 1 %
select
    visit.source_id || ', ' || coalesce(visit.queue, 'no queue') as place,
    count(*) filter (where leg.met_sl_vendor)::double as stated,
    count(*) filter (where visit.wait_ms <= visit.target_ms)::double as found,
    list(visit.contact_key order by visit.contact_key) filter (where leg.met_sl_vendor <> (visit.wait_ms <= visit.target_ms)) as behind
from visit
join lake.leg using (leg_id)
where leg.met_sl_vendor is not null and visit.outcome = 'answered' and visit.target_ms is not null
    and near(visit.arrived_at, $days::date[]) and near(leg.queue_enter_at, $days::date[])
    and visit.arrived_on in (select unnest($days::date[]))
group by visit.source_id, visit.queue
having abs(stated - found) > 0.01 * stated
