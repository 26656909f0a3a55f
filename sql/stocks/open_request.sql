-- one service request that was open at the instant at which a day began
with standing as (
    select open_spell.*, moment.as_of
    from open_spell
    join (select day_begins(unnest(ends)) as as_of) as moment
        on open_spell.opened_at < moment.as_of and coalesce(open_spell.closed_at, timestamp '9999-01-01') >= moment.as_of
)
select
    standing.*,
    false as is_day_only,
    standing.due_at < standing.as_of as is_overdue,
    epoch_ms(standing.as_of) - epoch_ms(standing.created_at) as age_ms,
    epoch_ms(standing.as_of) - epoch_ms(case_event.happened_at) as since_activity_ms
from standing
asof join lake.case_event on case_event.case_id = standing.case_id and standing.as_of > case_event.happened_at
