-- one row per spell of an agent in a team
select
    agent_id,
    team as team_id,
    'agent' as role,
    supervisor as supervisor_id,
    site,
    shift,
    valid_from,
    valid_to,
    source_key, load_id, line_no, exported_at, time_q, row_hash
from typed_row
