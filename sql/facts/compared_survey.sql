-- one row per rated survey about a contact, with who had the contact and what the work was
select
    survey_response.survey_id as row_id,
    survey_response.agent,
    operating_day(survey_response.happened_at) as day,
    case when not survey_response.is_day_only then date_part('hour', local_time(survey_response.happened_at)) end as hour,
    survey_response.queue,
    survey_response.channel,
    contact.direction,
    survey_response.language,
    survey_response.request_type,
    survey_response.shift,
    survey_response.site,
    survey_response.is_satisfied
from survey_response
left join contact using (contact_id)
where survey_response.satisfaction is not null
    and operating_day(survey_response.happened_at) >= $first::date
    and operating_day(survey_response.happened_at) < $until::date
order by survey_response.agent, survey_response.survey_id
