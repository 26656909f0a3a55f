-- one row per response; a layout fills the columns that its system has
with columns_of_a_survey as (
    select
        null::varchar as call_id,
        null::varchar as case_number,
        null::varchar as agent_id,
        null::varchar as queue_id,
        null::varchar as instrument,
        null::varchar as channel,
        null::varchar as language,
        null::timestamp as sent_at,
        null::timestamp as started_at,
        null::timestamp as answered_at,
        null::varchar as status
    where false
),
responses as (
    select * from columns_of_a_survey
    union all by name
    select * from typed_row
)
select
    key_id($source, 'survey ' || source_key) as survey_id,
    agent_id,
    queue_id,
    instrument,
    contact_channel(channel) as channel,
    lower(language) as language,
    -- a survey that is answered from a link was never sent; its start stands for the invitation
    coalesce(sent_at, started_at) as sent_at,
    started_at,
    case when status = 'finished' then answered_at end as answered_at,
    status,
    'link' as response_source,
    call_id as contact_key,
    case_number,
    source_key, load_id, line_no, exported_at, time_q, row_hash
from responses
