-- one row per answered question of a response
with columns_of_a_survey as (
    select
        null::varchar as status,
        null::varchar as csat_key,
        null::varchar as nps_key,
        null::varchar as ces_key,
        null::varchar as solved_key,
        null::double as scale_min,
        null::double as scale_max,
        null::struct(key varchar, text varchar, value varchar)[] as answers
    where false
),
responses as (
    select * from columns_of_a_survey
    union all by name
    select * from typed_row
),
questions as (
    select * exclude (answers, answer), answer.key as question_key, answer.text as question_text, answer.value as answer
    from (select *, unnest(answers) as answer, generate_subscripts(answers, 1) as question_no from responses)
),
measured as (
    select
        *,
        case
            when coalesce(csat_key, nps_key, ces_key, solved_key) is null then survey_measure(question_text)
            when question_key = csat_key then 'csat'
            when question_key = nps_key then 'nps'
            when question_key = ces_key then 'ces'
            when question_key = solved_key then 'solved'
            else 'none'
        end as measure
    from questions
)
select
    key_id($source, 'survey ' || source_key) as survey_id,
    question_key,
    question_text,
    answer as value_text,
    satisfaction(answer) as value_num,
    coalesce(scale_min, case measure when 'csat' then 1 when 'nps' then 0 end) as scale_min,
    coalesce(scale_max, case measure when 'csat' then 5 when 'nps' then 10 end) as scale_max,
    -- of several questions of a kind the first is the main one
    case
        when measure <> 'none' and question_no = min(question_no) over (partition by load_id, source_key, measure) then measure
        else 'none'
    end as is_main,
    source_key || ' ' || question_key as source_key,
    load_id, line_no, exported_at, time_q, row_hash
from measured
