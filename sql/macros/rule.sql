-- a number that the centre set for its own reckoning, or what holds where it set none
create or replace macro rule(wanted, otherwise) as
    coalesce(map_extract_value(map(string_split('$rule_names', ' '), $rule_numbers), wanted), otherwise)
