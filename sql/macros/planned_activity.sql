-- a planner's word for an activity, as ours; one that says nothing known is other work
create or replace macro planned_activity(word) as
    case
        when lower(word) in ('queue', 'break', 'meal', 'meeting', 'training', 'other_work', 'time_off', 'unavailable') then lower(word)
        when regexp_matches(lower(word), 'on.?queue|^phones?$|^open( time)?$|^in ?bound|^calls?$|^work(ing)?$|^available|^regular') then 'queue'
        when regexp_matches(lower(word), 'lunch|meal|dinner') then 'meal'
        when regexp_matches(lower(word), 'break') then 'break'
        when regexp_matches(lower(word), 'meet|huddle|one.?on.?one|1.?on.?1|coach') then 'meeting'
        when regexp_matches(lower(word), 'train|class') then 'training'
        when regexp_matches(lower(word), 'vacation|time off|pto|sick|leave|holiday|day off|absen|fmla') then 'time_off'
        when regexp_matches(lower(word), 'unavailable|outage') then 'unavailable'
        else 'other_work'
    end
