-- what a case is: a request for service, a question, a complaint or the centre's own work
create or replace macro case_kind(word) as
    case
        when regexp_matches(lower(word), 'information|inquiry|enquiry|question|referral') then 'information'
        when regexp_matches(lower(word), 'complaint') then 'complaint'
        when regexp_matches(lower(word), '^internal') then 'internal'
        else 'request'
    end
