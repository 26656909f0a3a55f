-- whether an instant lies in the centre's peak hours, which $peak_hours lists as ISO week day x 24 + local hour
create or replace macro peak(instant) as
    case
        when len($peak_hours) = 0 then 'no peak hours set'
        when list_contains($peak_hours, isodow(local_time(instant)) * 24 + hour(local_time(instant))) then 'peak'
        else 'off-peak'
    end
