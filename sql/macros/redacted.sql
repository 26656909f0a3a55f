-- a text without e-mail addresses, card and social security numbers, and telephone numbers
create or replace macro redacted(written) as
    regexp_replace(
        regexp_replace(
            regexp_replace(
                regexp_replace(written, '[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+[.][A-Za-z]{2,}', '[e-mail]', 'g'),
                '\b[2-6][0-9]{3}([ .\-]?[0-9]{4}){2}[ .\-]?[0-9]{1,7}\b', '[card]', 'g'
            ),
            '\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b', '[ssn]', 'g'
        ),
        '(\+?1[ .\-]?)?(\([0-9]{3}\) ?|\b[0-9]{3}[ .\-/]?)?\b[0-9]{3}[ .\-][0-9]{4}\b|\b1?[0-9]{10}\b', '[phone]', 'g'
    )
