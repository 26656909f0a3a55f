-- what a question measures, told from its words: csat, nps, ces, solved or none
create or replace macro survey_measure(question) as
    case
        when regexp_matches(lower(question), 'recommend') then 'nps'
        when regexp_matches(lower(question), '\b(re)?solved\b|taken care of') then 'solved'
        when regexp_matches(lower(question), 'satisf|overall.*(rate|experience)|(rate|experience).*overall') then 'csat'
        when regexp_matches(lower(question), '\b(easy|ease|effort)\b') then 'ces'
        else 'none'
    end
