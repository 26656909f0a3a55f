-- HMAC-SHA-256 (RFC 2104) of a telephone number's digits; $inner and $outer are the padded keys in hexadecimal
create or replace macro caller_key(number) as
    case
        when length(regexp_replace(number, '[^0-9]', '', 'g')) >= 7 then
            left(sha256(
                unhex('$outer') || unhex(sha256(
                    unhex('$inner') || encode(right(regexp_replace(number, '[^0-9]', '', 'g'), 10))
                ))
            ), 32)
    end
