-- one row: the centre's settings
select name, timezone, day_starts_ms, interval_ms, short_abandon_ms
from lake.centre
