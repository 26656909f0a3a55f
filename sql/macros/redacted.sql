-- a text without e-mail addresses, payment cards and their codes, social security and taxpayer numbers, telephone numbers
create or replace macro redacted(written) as
    regexp_replace(
        regexp_replace(
            regexp_replace(
                regexp_replace(
                    without_cards(
                        regexp_replace(
                            -- wide digits, dashes of other lengths and hard blanks would hide a number
                            translate(written, '０１２３４５６７８９＠．－‐‑–—' || chr(160), '0123456789@.----- '),
                            '[A-Za-z0-9._%+-]+ ?(?:@|\(at\)|\[at\]) ?[A-Za-z0-9-]+(?:[.][A-Za-z0-9-]+)*[.][A-Za-z]{2,}', '[e-mail]', 'g'
                        )
                    ),
                    '(?i)\b(cvv2?|cvc2?|security code)([^0-9\[]{0,15})[0-9]{3,4}\b', '\1\2[cvv]', 'g'
                ),
                '\b[0-9]{3}[ .\-][0-9]{2}[ .\-][0-9]{4}\b', '[ssn]', 'g'
            ),
            '(?i)\b(ssn|social|itin|tax ?id)([^0-9\[]{0,25})[0-9]{9}\b', '\1\2[ssn]', 'g'
        ),
        '(\+[0-9]{1,3}[ .\-]?)?(\([0-9]{3}\) ?|\b[0-9]{3}[ .\-/]?)?\b[0-9]{3}[ .\-][0-9]{4}\b|\+[0-9]{1,3}([ .\-]?[0-9]{2,4}){2,5}\b|\b1?[2-9][0-9]{2}[2-9][0-9]{6}\b',
        '[phone]', 'g'
    )
