-- one row per version of an evaluation form that a file in forms/ gave; its rules are those of `etl/forms/methods.toml`
create table if not exists lake.form (
    form_id varchar not null,
    form_version varchar not null,
    title varchar not null,
    channels varchar,
    valid_from date,
    own_team varchar not null,
    method varchar not null,
    inside varchar not null,
    across varchar not null,
    na varchar not null,
    blank varchar not null,
    critical varchar not null,
    from_least boolean not null,
    pass_at double,
    bands varchar,
    digest varchar not null,
    file_name varchar not null
)
