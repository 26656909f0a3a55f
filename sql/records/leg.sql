-- one row per part of a contact that is a leg, numbered as they happened
with legs as (
    select
        *,
        coalesce(queue_enter_at, offered_at, answered_at, entered_at, released_at) as began_at,
        leg_type in ('queue', 'callback') as is_visit
    from contact_part
    where leg_key is not null
)
select
    key_id($source, leg_key) as leg_id,
    key_id($source, group_key) as contact_id,
    row_number() over (partition by group_key order by began_at, leg_key) as seq,
    case
        when is_visit then row_number() over (partition by group_key, is_visit order by began_at, leg_key)
    end as visit_no,
    leg_type,
    queue_id,
    agent_id,
    queue_enter_at,
    offered_at,
    answered_at,
    released_at,
    acw_end_at,
    wait_ms,
    ring_ms,
    talk_ms,
    hold_ms,
    hold_count,
    longest_hold_ms,
    consult_ms,
    acw_ms,
    total_ms,
    end_reason,
    flow_out_kind,
    end_code,
    transfer_to,
    transfer_class,
    met_sl_vendor,
    wrap_code,
    wrap_note,
    $source as source_id,
    leg_key as source_key,
    load_id,
    line_no,
    exported_at,
    time_q,
    row_hash,
    extra
from legs
