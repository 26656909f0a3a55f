-- whether a number's digits have the check digit of a payment card (ISO/IEC 7812, Luhn)
create or replace macro passes_luhn(digits) as
    list_sum(list_transform(range(length(digits)), lambda place:
        case
            when (length(digits) - place) % 2 = 1 then digits[place + 1]::integer
            when digits[place + 1]::integer > 4 then digits[place + 1]::integer * 2 - 9
            else digits[place + 1]::integer * 2
        end
    )) % 10 = 0
