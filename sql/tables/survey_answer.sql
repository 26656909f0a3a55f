-- one row per answered question of a survey
create table if not exists lake.survey_answer (
    survey_id bigint not null,
    question_key varchar not null,
    question_text varchar,
    value_text varchar,
    value_num double,
    scale_min double,
    scale_max double,
    is_main varchar,
    source_id varchar not null,
    source_key varchar not null,
    load_id integer not null,
    line_no bigint not null,
    exported_at timestamp not null,
    deleted_seen_at timestamp,
    time_q varchar not null,
    row_hash ubigint not null,
    extra varchar
)
