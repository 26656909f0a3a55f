-- a system's word for the way in which a resident came, as ours; a word of its own stays, in small letters
create or replace macro contact_channel(word) as
    case
        when regexp_matches(lower(word), 'employee|self report|^internal|^staff|^system|city worker|proactive') then 'internal'
        when regexp_matches(lower(word), 'web chat|live chat|^chat|messag(e|ing)$') and lower(word) not like 'text%' then 'chat'
        when regexp_matches(lower(word), '\be-?mail') then 'email'
        when regexp_matches(lower(word), '^(sms|text)') then 'sms'
        when regexp_matches(lower(word), 'facebook|twitter|instagram|nextdoor|^social|^x$') then 'social'
        when regexp_matches(lower(word), 'walk.?in|in.?person|counter|front desk') then 'walk_in'
        when regexp_matches(lower(word), '\bfax\b') then 'fax'
        when regexp_matches(lower(word), '\bradio\b') then 'radio'
        when regexp_matches(lower(word), 'letter|\bmail\b|postal|correspondence') then 'letter'
        when regexp_matches(lower(word), '\b(app|mobile|ios|iphone|android|open311|api)\b') then 'app'
        when regexp_matches(lower(word), '\bweb|online|internet|portal|self.?service') then 'web'
        when regexp_matches(lower(word), 'phone|\bcall|voice|^agent$|\bivr\b|amazon connect|aws connect|^3-?1-?1$') then 'voice'
        else lower(word)
    end
