-- one row per contact: what its parts say together, the best outcome winning
with ranked as (
    select
        *,
        -- a contact that anybody answered was answered, wherever else it was lost (formats, rule 7.4)
        array_position(
            [
                'answered', 'callback_promised', 'voicemail', 'self_served', 'deflected',
                'abandoned', 'forced_off', 'unknown', 'pending'
            ],
            outcome
        ) as outcome_rank,
        coalesce(entered_at, queue_enter_at, answered_at, released_at) as began_at
    from contact_part
)
select
    key_id($source, group_key) as contact_id,
    group_key as chain_key,
    arg_min(channel, (began_at, row_hash)) as channel,
    arg_min(direction, (began_at, row_hash)) as direction,
    arg_min(initiation, (began_at, row_hash)) as initiation,
    min(began_at) as entered_at,
    max(coalesce(ended_at, released_at, began_at)) as ended_at,
    arg_min(queue_id, (began_at, row_hash)) filter (where queue_id is not null) as first_queue_id,
    arg_min(language, (began_at, row_hash)) filter (where language is not null) as language,
    arg_min(request_type, (began_at, row_hash)) filter (where request_type is not null) as request_type,
    arg_min(caller_key, (began_at, row_hash)) filter (where caller_key is not null) as caller_key,
    arg_min(dnis, (began_at, row_hash)) filter (where dnis is not null) as dnis,
    max(ivr_ms) as ivr_ms,
    arg_min(outcome, (outcome_rank, began_at, row_hash)) filter (where outcome is not null) as outcome,
    arg_min(outcome_code, (outcome_rank, began_at, row_hash)) filter (where outcome is not null) as outcome_code,
    arg_max(disconnect_by, (began_at, row_hash)) filter (where disconnect_by is not null) as disconnect_by,
    coalesce(bool_and(is_test), false) as is_test,
    arg_max(wrap_code, (began_at, row_hash)) filter (where wrap_code is not null) as wrap_code,
    $source as source_id,
    group_key as source_key,
    arg_min(load_id, (began_at, row_hash)) as load_id,
    arg_min(line_no, (began_at, row_hash)) as line_no,
    max(exported_at) as exported_at,
    arg_min(time_q, (began_at, row_hash)) as time_q,
    bit_xor(row_hash) as row_hash
from ranked
group by group_key
