-- a text without payment card numbers: 13 to 19 digits in the usual groups that begin with 2 to 6 and pass the check
create or replace macro without_cards(written) as
    list_reduce(
        regexp_extract_all(
            written,
            '\b(?:[2-6][0-9]{3}(?:[ .\-\n]{0,2}[0-9]{4}){3}|3[47][0-9]{2}[ .\-]?[0-9]{6}[ .\-]?[0-9]{5}|[2-6][0-9]{12,18}|[2-6](?:[ .\-]?[0-9]){12,18})\b'
        ),
        lambda kept, number: case
            when passes_luhn(regexp_replace(number, '[^0-9]', '', 'g')) then replace(kept, number, '[card]')
            else kept
        end,
        written
    )
