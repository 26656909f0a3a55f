"""The measures of calls written a second and a third time, by hand: as one DuckDB statement, and for pandas.

Both give the same 65 sums, by the same operating days and dimensions, as Fairline's catalogue does; `bench_measures.py`
holds the three equal before it compares their times.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

ZONE = "America/Denver"
WITHIN_MS, SHORT_ABANDON_MS, SHORT_ANSWERED_MS = 30_000, 5_000, 10_000
VISIT_DIMENSIONS = ["queue", "agent", "team", "shift", "site", "tenure", "channel", "direction", "language"]
CONTACT_DIMENSIONS = ["queue", "channel", "direction", "language"]
REFUSED = ["closed", "full", "join_empty", "blocked", "busy", "divert"]
LEFT = ["flow_out", "system", "timeout", "dequeued", "rna"]

VISITS = """
    sum(case when answered then wait_ms end) as wait_of_answered,
    count(case when answered and wait_ms is not null then 1 end) as visits_answered_with_wait,
    sum(case when answered or abandoned or flow_out then wait_ms end) as wait_of_all,
    count(case when (answered or abandoned or flow_out) and wait_ms is not null then 1 end) as visits_with_wait,
    sum(case when abandoned then wait_ms end) as wait_of_abandoned,
    count(case when abandoned and wait_ms is not null then 1 end) as visits_abandoned_with_wait,
    count(case when answered and in_time then 1 end) as answered_within_target,
    count(case when (abandoned or short) and in_time then 1 end) as abandoned_within_target,
    count(case when flow_out and flow_out_kind = 'closing_time' then 1 end) as closing_flow_outs,
    0 as called_back_in_time,
    0 as untargeted_visits,
    count(case when answered then 1 end) as targeted_answered,
    count(case when abandoned or short then 1 end) as targeted_abandoned,
    count(case when answered and wait_ms < 30000 then 1 end) as answered_below_target,
    count(case when short then 1 end) as targeted_short_abandons,
    count(case when flow_out then 1 end) as targeted_flow_outs,
    count(case when (answered or abandoned or short or flow_out) and in_time then 1 end) as left_within_target,
    count(case when not refused then 1 end) as targeted_visits,
    count(case when answered or abandoned or short or flow_out_kind in ('full', 'join_empty', 'leave_empty', 'timeout')
        or end_reason = 'timeout' then 1 end) as wazo_calls,
    count(*) as calls_taken_in,
    sum(case when answered or abandoned or short or flow_out_kind in ('leave_empty', 'timeout')
        or end_reason = 'timeout' then wait_ms end) as wazo_wait,
    count(case when wait_ms is not null and (answered or abandoned or short
        or flow_out_kind in ('leave_empty', 'timeout') or end_reason = 'timeout') then 1 end) as wazo_waiting,
    count(case when abandoned or short then 1 end) as visits_abandoned_in_all,
    count(case when refused and flow_out_kind <> 'closed' then 1 end) as calls_blocked,
    count(case when refused and flow_out_kind = 'closed' then 1 end) as calls_in_closed_hours,
    count(case when refused and flow_out_kind = 'full' then 1 end) as calls_to_full_queue,
    count(case when answered and talk_ms < 10000 then 1 end) as short_answered,
    count(case when answered and talk_ms is not null then 1 end) as answered_with_talk_time,
    count(case when visit_no = 1 and not refused then 1 end) as contacts_offered,
    count(case when visit_no = 1 and contact_outcome = 'answered' then 1 end) as contacts_answered,
    count(case when visit_no = 1 and contact_outcome = 'abandoned' and not short and not refused then 1 end)
        as contacts_abandoned,
    count(case when short then 1 end) as short_abandons,
    count(case when flow_out then 1 end) as flow_outs,
    count(case when flow_out and flow_out_kind = 'callback' then 1 end) as flow_outs_callback,
    count(case when flow_out and flow_out_kind = 'voicemail' then 1 end) as flow_outs_voicemail,
    count(case when flow_out and flow_out_kind = 'overflow' then 1 end) as flow_outs_overflow,
    count(case when flow_out and flow_out_kind = 'menu' then 1 end) as flow_outs_menu,
    count(case when flow_out and coalesce(flow_out_kind, '')
        not in ('callback', 'voicemail', 'overflow', 'closing_time', 'menu') then 1 end) as flow_outs_system,
    count(case when not refused then 1 end) as visits_offered,
    count(case when visit_no > 1 and not refused then 1 end) as visits_again,
    count(case when answered then 1 end) as visits_answered,
    count(case when abandoned then 1 end) as visits_abandoned,
    count(case when not (answered or abandoned or short or flow_out or refused) then 1 end) as visits_pending
"""
LEGS = """
    count(*) as legs_handled,
    count(talk_ms) as legs_with_talk,
    sum(talk_ms) as talk,
    count(hold_ms) as legs_with_known_hold,
    count(case when hold_ms > 0 then 1 end) as legs_held,
    sum(hold_ms) as hold,
    count(acw_ms) as legs_with_known_after_call_work,
    count(case when acw_ms > 0 then 1 end) as legs_with_after_call_work,
    sum(acw_ms) as after_call_work,
    count(handle_ms) as legs_with_handle_time,
    sum(handle_ms) as handle,
    sum(handle_ms) as handle_of_all_legs,
    count(handle_ms) as all_legs_with_handle_time,
    sum(case when acw_ms is not null then coalesce(talk_ms, 0) + coalesce(hold_ms, 0) + acw_ms end)
        as talk_and_hold_of_legs_with_acw,
    count(*) as inbound_legs,
    count(case when end_reason in ('blind_transfer', 'warm_transfer') and coalesce(transfer_class, '') <> '911'
        then 1 end) as transferred_legs,
    count(case when end_reason = 'agent' then 1 end) as ended_by_agent,
    count(case when end_reason in ('agent', 'caller') then 1 end) as ended_by_either
"""
BY_HAND = f"""
    create or replace temp table by_hand as
    with joined as (
        select leg.*, contact.channel, contact.language, contact.direction, contact.outcome as contact_outcome,
            member.team_id as team, member.shift, member.site, null::varchar as tenure,
            timezone('{ZONE}', make_timestamptz(epoch_us(leg.queue_enter_at)))::date as came_on,
            leg.talk_ms + leg.hold_ms + leg.acw_ms as handle_ms
        from lake.leg
        join lake.contact using (contact_id)
        left join lake.team_member as member on member.agent_id = leg.agent_id
    ),
    kinds as (
        select *,
            answered_at is not null as answered,
            answered_at is null and coalesce(flow_out_kind in ('{"', '".join(REFUSED)}'), false) as refused,
            not answered and not refused and end_reason = 'abandon' and wait_ms <= {SHORT_ABANDON_MS} as short,
            not answered and not refused and end_reason = 'abandon' and not short as abandoned,
            not answered and not refused and end_reason in ('{"', '".join(LEFT)}') as flow_out,
            wait_ms <= {WITHIN_MS} as in_time
        from joined
    ),
    visits as (
        select came_on as day, queue_id, agent_id, team, shift, site, tenure, channel, direction, language, {VISITS}
        from kinds
        group by all
    ),
    work as (
        select timezone('{ZONE}', make_timestamptz(epoch_us(acw_end_at)))::date as day, queue_id, agent_id, team, shift,
            site, tenure, channel, direction, language, {LEGS}
        from joined
        where answered_at is not null
        group by all
    ),
    contacts as (
        select timezone('{ZONE}', make_timestamptz(epoch_us(entered_at)))::date as day, first_queue_id as queue_id,
            channel, direction, language,
            count(case when direction = 'inbound' then 1 end) as contacts_received,
            count(case when direction = 'inbound' and channel not in ('voice', 'chat') then 1 end) as deferred_contacts,
            count(*) as contacts_recorded,
            count(case when outcome = 'abandoned' then 1 end) as recorded_abandons
        from lake.contact
        group by all
    )
    from visits
    union all by name from work
    union all by name from contacts
"""
COLUMNS = [
    "contact_id", "queue_id", "agent_id", "visit_no", "queue_enter_at", "answered_at", "acw_end_at",
    "wait_ms", "talk_ms", "hold_ms", "acw_ms", "end_reason", "flow_out_kind", "transfer_class",
]  # fmt: skip


def by_pandas(data: Path, members: Any) -> dict[str, float]:
    """The same sums by pandas, from the same Parquet files; says what each adds up to."""
    import pandas as pd  # type: ignore[import-untyped]

    wanted = ["contact_id", "channel", "language", "direction", "outcome", "entered_at", "first_queue_id"]
    contact = pd.read_parquet(data / "contact", columns=wanted)
    leg = pd.read_parquet(data / "leg", columns=COLUMNS).merge(
        contact.drop(columns=["entered_at", "first_queue_id"]), on="contact_id"
    )
    leg = leg.merge(members.rename(columns={"agent_id": "agent_id", "team_id": "team"}), on="agent_id", how="left")
    leg["tenure"] = None
    leg = leg.rename(columns={"queue_id": "queue", "agent_id": "agent"})
    live = leg["channel"].isin(["voice", "chat"])
    visits = _grouped(leg, _day(leg["queue_enter_at"]), VISIT_DIMENSIONS, _visit_sums(leg, live))
    handled = leg[leg["answered_at"].notna()]
    work = _grouped(handled, _day(handled["acw_end_at"]), VISIT_DIMENSIONS, _leg_sums(handled))
    contact = contact.rename(columns={"first_queue_id": "queue"})
    contacts = _grouped(contact, _day(contact["entered_at"]), CONTACT_DIMENSIONS, _contact_sums(contact))
    return {name: float(frame[name].sum()) for frame in (visits, work, contacts) for name in frame.columns}


def _day(moments: Any) -> Any:
    return moments.dt.tz_localize("UTC").dt.tz_convert(ZONE).dt.normalize().dt.tz_localize(None)


def _grouped(frame: Any, day: Any, dimensions: list[str], sums: Mapping[str, Any]) -> Any:
    import pandas as pd

    values = pd.DataFrame({"day": day, **{name: frame[name] for name in dimensions}, **sums})
    return values.groupby(["day", *dimensions], dropna=False, observed=True)[list(sums)].sum()


def _visit_sums(leg: Any, live: Any) -> dict[str, Any]:
    wait, kind, reason = leg["wait_ms"], leg["flow_out_kind"], leg["end_reason"]
    answered = live & leg["answered_at"].notna()
    refused = live & ~answered & kind.isin(REFUSED)
    hung_up = live & ~answered & ~refused & (reason == "abandon")
    short = hung_up & (wait <= SHORT_ABANDON_MS)
    abandoned = hung_up & ~short
    flow_out = live & ~answered & ~refused & reason.isin(LEFT)
    ended, known = answered | abandoned | flow_out, wait.notna()
    in_time, first = wait <= WITHIN_MS, leg["visit_no"] == 1
    wazo = answered | abandoned | short | (live & (kind.isin(["leave_empty", "timeout"]) | (reason == "timeout")))
    named = ["callback", "voicemail", "overflow", "closing_time", "menu"]
    return {
        "wait_of_answered": wait.where(answered, 0),
        "visits_answered_with_wait": answered & known,
        "wait_of_all": wait.where(ended, 0),
        "visits_with_wait": ended & known,
        "wait_of_abandoned": wait.where(abandoned, 0),
        "visits_abandoned_with_wait": abandoned & known,
        "answered_within_target": answered & in_time,
        "abandoned_within_target": (abandoned | short) & in_time,
        "closing_flow_outs": flow_out & (kind == "closing_time"),
        "called_back_in_time": live & False,
        "untargeted_visits": live & False,
        "targeted_answered": answered,
        "targeted_abandoned": abandoned | short,
        "answered_below_target": answered & (wait < WITHIN_MS),
        "targeted_short_abandons": short,
        "targeted_flow_outs": flow_out,
        "left_within_target": (ended | short) & in_time,
        "targeted_visits": live & ~refused,
        "wazo_calls": wazo | (live & kind.isin(["full", "join_empty"])),
        "calls_taken_in": live,
        "wazo_wait": wait.where(wazo, 0),
        "wazo_waiting": wazo & known,
        "visits_abandoned_in_all": abandoned | short,
        "calls_blocked": refused & (kind != "closed"),
        "calls_in_closed_hours": refused & (kind == "closed"),
        "calls_to_full_queue": refused & (kind == "full"),
        "short_answered": answered & (leg["talk_ms"] < SHORT_ANSWERED_MS),
        "answered_with_talk_time": answered & leg["talk_ms"].notna(),
        "contacts_offered": live & first & ~refused,
        "contacts_answered": live & first & (leg["outcome"] == "answered"),
        "contacts_abandoned": live & first & (leg["outcome"] == "abandoned") & ~short & ~refused,
        "short_abandons": short,
        "flow_outs": flow_out,
        **{f"flow_outs_{name}": flow_out & (kind == name) for name in ("callback", "voicemail", "overflow", "menu")},
        "flow_outs_system": flow_out & ~kind.isin(named),
        "visits_offered": live & ~refused,
        "visits_again": live & ~first & ~refused,
        "visits_answered": answered,
        "visits_abandoned": abandoned,
        "visits_pending": live & ~(answered | abandoned | short | flow_out | refused),
    }


def _leg_sums(leg: Any) -> dict[str, Any]:
    talk, hold, acw, reason = leg["talk_ms"], leg["hold_ms"], leg["acw_ms"], leg["end_reason"]
    handle, everything = talk + hold + acw, leg["contact_id"].notna()
    return {
        "legs_handled": everything,
        "legs_with_talk": talk.notna(),
        "talk": talk.fillna(0),
        "legs_with_known_hold": hold.notna(),
        "legs_held": hold > 0,
        "hold": hold.fillna(0),
        "legs_with_known_after_call_work": acw.notna(),
        "legs_with_after_call_work": acw > 0,
        "after_call_work": acw.fillna(0),
        "legs_with_handle_time": handle.notna(),
        "handle": handle.fillna(0),
        "handle_of_all_legs": handle.fillna(0),
        "all_legs_with_handle_time": handle.notna(),
        "talk_and_hold_of_legs_with_acw": (talk.fillna(0) + hold.fillna(0) + acw).fillna(0),
        "inbound_legs": everything,
        "transferred_legs": reason.isin(["blind_transfer", "warm_transfer"]) & (leg["transfer_class"] != "911"),
        "ended_by_agent": reason == "agent",
        "ended_by_either": reason.isin(["agent", "caller"]),
    }


def _contact_sums(contact: Any) -> dict[str, Any]:
    inbound = contact["direction"] == "inbound"
    return {
        "contacts_received": inbound,
        "deferred_contacts": inbound & ~contact["channel"].isin(["voice", "chat"]),
        "contacts_recorded": contact["contact_id"].notna(),
        "recorded_abandons": contact["outcome"] == "abandoned",
    }
