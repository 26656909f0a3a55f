-- a system's word for the state of a case, as ours; a word of its own that says neither done nor waiting means open
create or replace macro case_status(word) as
    case
        when lower(word) like '%duplicate%' then 'duplicate'
        when lower(word) like '%merged%' then 'merged'
        when regexp_matches(lower(word), '\b(cancell?ed|cancel|void|voided|withdrawn|deleted)\b') then 'cancelled'
        -- what is resolved is done: closing it for good days later is a clean-up, not another closure
        when regexp_matches(
            lower(word), '^(closed?|resolved|solved|completed?|done|finished|fulfilled|referred out|problem solved|information provided)\b'
        ) then 'closed'
        when regexp_matches(lower(word), '^(pending|hold|on hold|wait|await)') then 'waiting'
        when regexp_matches(lower(word), '^(new|submitted|received)\b') then 'new'
        when word is not null then 'open'
    end
