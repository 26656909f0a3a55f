-- an answer as a number: a figure as it stands, the usual five words of satisfaction from 5 down to 1
create or replace macro satisfaction(answer) as
    coalesce(
        try_cast(regexp_extract(answer, '^-?[0-9]+([.][0-9]+)?') as double),
        case
            when regexp_matches(lower(answer), '^(very|extremely|highly) (satisfied|good|likely|easy)|^excellent') then 5
            when regexp_matches(lower(answer), '^(very|extremely|highly) (dissatisfied|unsatisfied|poor|bad)') then 1
            when regexp_matches(lower(answer), '^(somewhat )?(dissatisfied|unsatisfied|poor|bad)') then 2
            when regexp_matches(lower(answer), '^(somewhat )?(satisfied|good)') then 4
            when regexp_matches(lower(answer), '^neither|^neutral|^fair|^average') then 3
        end
    )
