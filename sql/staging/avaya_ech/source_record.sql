-- one row per call segment
select
    key_id($source, source_key) as record_id,
    'segment' as kind,
    'contact' as about,
    -- switches number their calls anew, the UCID is the call's own; without it a call is of its switch and day
    coalesce(ucid, concat_ws(chr(31), acdnum, callid, segstart::date)) as group_key,
    segstart as happened_at,
    to_json({
        'segstart': segstart, 'segstop': segstop, 'disptime': disptime, 'duration': duration, 'talktime': talktime,
        'onholdtime': onholdtime, 'consulttime': consulttime, 'acwtime': acwtime, 'ringtime': ringtime, 'holds': holds,
        'call_disp': call_disp, 'split': coalesce(dispsplit, split1), 'login': ans_logid, 'caller': calling_party,
        'dispvdn': dispvdn, 'firstvdn': firstvdn, 'transferred': transferred, 'conference': conference,
        'agent_released': agt_released, 'work_code': cwc_digits, 'ansreason': ansreason, 'observer': last_observer
    })::varchar as fields,
    source_key, load_id, line_no, exported_at, time_q, row_hash
from typed_row
