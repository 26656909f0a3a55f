-- one service request that was open at the instant at which a day began
with moment as (
    -- a period that ends after what its source knows is told as of the last that is known; other ends are not told yet
    select distinct source_cutoff.source_id, least(day_begins(day), source_cutoff.cutoff_at) as as_of
    from (select unnest(ends) as day) as ending
    cross join source_cutoff
    where day = list_max(ends) or day_begins(day) <= source_cutoff.cutoff_at
),
standing as (
    select open_spell.*, moment.as_of
    from open_spell
    join moment
        on open_spell.source_id = moment.source_id
        and open_spell.opened_at < moment.as_of
        and coalesce(open_spell.closed_at, timestamp '9999-01-01') >= moment.as_of
)
select
    standing.*,
    false as is_day_only,
    standing.due_at < standing.as_of as is_overdue,
    epoch_ms(standing.as_of) - epoch_ms(standing.created_at) as age_ms,
    epoch_ms(standing.as_of) - epoch_ms(case_event.happened_at) as since_activity_ms
from standing
asof join lake.case_event on case_event.case_id = standing.case_id and standing.as_of > case_event.happened_at
