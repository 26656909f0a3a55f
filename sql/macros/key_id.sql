-- the number of an entity: the same for the same source and key, in whatever order files are loaded
create or replace macro key_id(source, key) as
    (md5_number_lower(source || chr(31) || key) >> 1)::bigint
