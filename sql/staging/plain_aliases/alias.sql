-- one row per name and the day from which it stands for somebody or something
select
    kind,
    name as alias,
    stands_for as entity_id,
    valid_from,
    valid_to,
    'file' as how,
    key_id($source, source_key) as alias_id,
    source as of_source,
    source_key, load_id, line_no, exported_at, time_q, row_hash
from typed_row
