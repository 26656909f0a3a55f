"""Volume, access and handling (M01-M34) from the stored contacts, legs and offers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl

from tests.metrics.second import Facts, Figures, mean, middle, share, survivor_point, total

LIVE = ("voice", "chat")
REFUSED = ("closed", "full", "join_empty", "blocked", "busy", "divert")
FLOWED = ("flow_out", "system", "timeout", "dequeued", "rna")


def visits(facts: Facts) -> list[dict[str, Any]]:
    """Every visit to a queue with its outcome and target, whenever it was."""
    contacts = facts.table("contact").filter(~pl.col("is_test").fill_null(False))
    short = facts.table("centre")["short_abandon_ms"][0]
    targets = facts.table("target").filter(metric="service_level").filter(pl.col("within_ms").is_not_null())
    legs = facts.table("leg").filter(pl.col("leg_type").is_in(["queue", "callback"]))
    joined = legs.join(contacts.select("contact_id", "channel", "outcome"), on="contact_id")
    found = []
    for row in joined.with_columns(day=facts.day("queue_enter_at")).iter_rows(named=True):
        own = [t for t in targets.iter_rows(named=True) if t["valid_from"] <= row["day"] < (t["valid_to"] or date.max)]
        named = sorted((t for t in own if t["queue_id"] == row["queue_id"]), key=lambda t: t["valid_from"])
        general = sorted((t for t in own if t["queue_id"] is None), key=lambda t: t["valid_from"])
        row["target"] = (named or general or [{"within_ms": None}])[-1]["within_ms"]
        if row["answered_at"] is not None:
            row["became"] = "answered"
        elif row["flow_out_kind"] in REFUSED:
            row["became"] = "refused"
        elif row["end_reason"] == "abandon":
            row["became"] = "short" if row["wait_ms"] is not None and row["wait_ms"] <= short else "abandoned"
        else:
            row["became"] = "flowed" if row["end_reason"] in FLOWED else "pending"
        row["live"] = row["channel"] in LIVE
        found.append(row)
    return found


Visits = list[dict[str, Any]]


def arrived(facts: Facts) -> dict[str, Visits]:
    """The live visits that arrived in the period, by what became of them."""
    inside = [v for v in visits(facts) if facts.during.first <= v["day"] <= facts.during.last]
    live = [v for v in inside if v["live"]]
    names = ("answered", "abandoned", "short", "flowed", "pending", "refused")
    offered = [v for v in live if v["became"] != "refused"]
    return {
        "live": live,
        "offered": offered,
        "first": [v for v in offered if v["visit_no"] == 1],
        **{name: [v for v in live if v["became"] == name] for name in names},
    }


def waits(some: Visits) -> pl.Series:
    return pl.Series([v["wait_ms"] for v in some], dtype=pl.Int64)


def volume(facts: Facts) -> Figures:
    """How many came and what became of them, by arrival."""
    seen = arrived(facts)
    live, offered, first, short, refused = (seen[n] for n in ("live", "offered", "first", "short", "refused"))
    answered, lost = seen["answered"], [*seen["abandoned"], *short]
    contacts_answered = [v for v in live if v["visit_no"] == 1 and v["outcome"] == "answered"]
    contacts_lost = [v for v in first if v["outcome"] == "abandoned" and v["became"] != "short"]
    wazo = [*answered, *lost, *timed_out(live)]
    blocked = [v for v in refused if v["flow_out_kind"] != "closed"]
    kinds = ("callback", "voicemail", "overflow", "menu", "closing_time")
    flowed = {kind: len([v for v in seen["flowed"] if v["flow_out_kind"] == kind]) for kind in kinds}
    return {
        "contacts_offered": len(first),
        "contacts_offered_without_short": len(first) - len(short),
        "visits_offered": len(offered),
        "visits_again": len([v for v in offered if v["visit_no"] > 1]),
        "contacts_answered": len(contacts_answered),
        "visits_answered": len(answered),
        "contacts_abandoned": len(contacts_lost),
        "contacts_answered_portland": len(contacts_answered) - len(contacts_lost) - len(short),
        "short_abandons": len(short),
        "flow_outs": len(seen["flowed"]),
        "flow_outs_closing": flowed.pop("closing_time"),
        **{f"flow_outs_{kind}": count for kind, count in flowed.items()},
        "flow_outs_system": len([v for v in seen["flowed"] if v["flow_out_kind"] not in kinds]),
        "visits_pending": len(seen["pending"]),
        "answer_rate": share(len(contacts_answered), len(first)),
        "answer_rate_wazo": share(
            len(answered), len(wazo) + len([v for v in live if v["flow_out_kind"] in ("full", "join_empty")])
        ),
        "answer_rate_vicidial": share(len(answered), len(live)),
        "abandon_rate": share(len(contacts_lost), len(first) - len(short)),
        "abandon_rate_all_offered": share(len(contacts_lost) + len(short), len(first)),
        "abandon_rate_queued": share(len(lost), len(offered)),
        "abandons_per_answered": share(len(lost), len(answered)),
        "calls_blocked": len(blocked),
        "calls_in_closed_hours": len(refused) - len(blocked),
        "calls_to_full_queue": len([v for v in blocked if v["flow_out_kind"] == "full"]),
        "blocked_share": share(len(blocked), len(blocked) + len(offered)),
    }


def timed_out(live: Visits) -> Visits:
    """Those whom a time limit or an empty queue sent on."""
    gone = [v for v in live if v["flow_out_kind"] in ("leave_empty", "timeout") or v["end_reason"] == "timeout"]
    return [v for v in gone if v["became"] not in ("answered", "abandoned", "short")]


def speeds(facts: Facts) -> Figures:
    """How long they waited."""
    seen = arrived(facts)
    answered, lost, short = seen["answered"], seen["abandoned"], seen["short"]
    curve = [(float(v["wait_ms"]), v["became"] == "answered") for v in seen["offered"] if v["wait_ms"] is not None]
    talked = [v for v in answered if v["talk_ms"] is not None]
    limit = facts.rule("short_answered_seconds", 10) * 1000
    long = facts.rule("long_wait_seconds", 600) * 1000
    points = {part: survivor_point(curve, part / 100) for part in (50, 80, 90)}
    return {
        "average_speed_of_answer": mean(waits(answered)),
        "average_wait": mean(waits([*answered, *lost, *seen["flowed"]])),
        "average_wait_wazo": mean(waits([*answered, *lost, *short, *timed_out(seen["live"])])),
        "average_time_to_abandon": mean(waits(lost)),
        "longest_wait": max((x / 1000 for x, _ in curve), default=None),
        "waited_long": len([x for x, _ in curve if x >= long]),
        "short_answered_share": share(len([v for v in talked if v["talk_ms"] < limit]), len(talked)),
        **{f"wait_p{part}": None if point is None else point / 1000 for part, point in points.items()},
    }


def levels(facts: Facts) -> Figures:
    """The forms of the service level, each visit by its own target."""
    seen = {name: [v for v in some if v["target"] is not None] for name, some in arrived(facts).items()}
    answered, short, flowed = seen["answered"], seen["short"], seen["flowed"]
    lost = [*seen["abandoned"], *short]

    def in_time(some: Visits) -> int:
        return len([v for v in some if v["wait_ms"] is not None and v["wait_ms"] <= v["target"]])

    closing = [v for v in flowed if v["flow_out_kind"] == "closing_time"]
    base = len(seen["offered"]) - len(short) - len(closing)
    level, sought = in_time(answered), len(answered) + len(lost)
    below = [v for v in answered if v["wait_ms"] is not None and v["wait_ms"] < v["target"]]
    promised = facts.rule("callback_minutes", 0) * 60_000
    left = [v for v in (*flowed, *seen["pending"]) if v["flow_out_kind"] == "callback"]
    tries = called_again(facts)
    kept = len([v for v in left if tries[v["leg_id"]] and delay(v, tries) <= promised])
    return {
        "service_level": share(level + kept, base),
        "service_level_below": share(len(below) + kept, base),
        "service_level_sl1": share(level + in_time(lost), sought),
        "service_level_sl2": share(level, len(answered)),
        "service_level_sl3": share(level, sought),
        "service_level_sl4": share(level, sought - in_time(lost)),
        "service_level_sl5": share(level + len(short), sought),
        "service_level_sl6": share(level, sought - len(short)),
        "service_level_sl7": share(level, sought + len(flowed)),
        "service_level_connect": share(in_time([*answered, *lost, *flowed]), len(seen["offered"])),
    }


def contacts(facts: Facts) -> Figures:
    """What came in over all channels."""
    frame = facts.table("contact").filter(~pl.col("is_test").fill_null(False), facts.within("entered_at"))
    inbound = frame.filter(direction="inbound")
    return {
        "contacts_recorded": frame.height,
        "contacts_received": inbound.height,
        "deferred_contacts": inbound.filter(~pl.col("channel").is_in(LIVE)).height,
        "abandon_rate_recorded": share(frame.filter(outcome="abandoned").height, frame.height),
    }


def worked(facts: Facts) -> pl.DataFrame:
    """Every leg on which an agent worked, with what it took."""
    real = facts.table("contact").filter(~pl.col("is_test").fill_null(False))
    legs = facts.table("leg").filter(pl.col("answered_at").is_not_null())
    legs = legs.filter(
        pl.col("leg_type").is_in(["queue", "direct", "callback", "outbound", "consult", "conference", "internal"])
    )
    done = pl.coalesce("acw_end_at", "released_at", "answered_at")
    moved = pl.col("end_reason").is_in(["blind_transfer", "warm_transfer"]).fill_null(False)
    return legs.join(real.select("contact_id", "entered_at"), on="contact_id").with_columns(
        done=done,
        handle=pl.col("talk_ms") + pl.col("hold_ms") + pl.col("acw_ms"),
        handled=pl.col("leg_type").is_in(["queue", "direct", "callback", "outbound"]),
        inbound=pl.col("leg_type").is_in(["queue", "direct", "callback"]),
        moved=moved,
        emergency=moved & (pl.col("transfer_class") == "911").fill_null(False),
    )


def handling(facts: Facts) -> Figures:
    """Handling by completion, per leg and per contact."""
    legs = worked(facts)
    here = legs.filter(facts.within("done"))
    handled, inbound = here.filter("handled"), here.filter("inbound")
    released = legs.filter(facts.within("released_at"))
    sent = released.filter("emergency", "handled")
    to_911 = (sent["released_at"] - sent["answered_at"]).dt.total_milliseconds()
    wrapped = inbound.filter(pl.col("acw_ms").is_not_null())
    spoken = total(wrapped["talk_ms"].fill_null(0) + wrapped["hold_ms"].fill_null(0))
    either = inbound.filter(pl.col("end_reason").is_in(["agent", "caller"]))
    known_hold = inbound.filter(pl.col("hold_ms").is_not_null())
    consults = here.filter(pl.col("leg_type").is_in(["consult", "conference"]))
    out, internal = here.filter(leg_type="outbound"), here.filter(leg_type="internal")
    hour = 3_600_000
    return {
        "legs_handled": handled.height,
        "average_talk_time": mean(inbound["talk_ms"]),
        "average_hold_time": mean(inbound["hold_ms"]),
        "average_hold_time_held": mean(inbound.filter(pl.col("hold_ms") > 0)["hold_ms"]),
        "average_after_call_work": mean(inbound["acw_ms"]),
        "average_after_call_work_worked": mean(inbound.filter(pl.col("acw_ms") > 0)["acw_ms"]),
        "after_call_work_share": share(total(wrapped["acw_ms"]), spoken + total(wrapped["acw_ms"])),
        "after_call_work_share_connected": share(total(wrapped["acw_ms"]), spoken),
        "average_handle_time": mean(inbound["handle"]),
        "average_handle_time_with_outbound": mean(handled["handle"]),
        "handle_time_p50": middle(inbound["handle"], 0.5, "seconds"),
        "handle_time_p90": middle(inbound["handle"], 0.9, "seconds"),
        "workload": total(here["handle"]) / hour,
        "workload_split": split_work(facts, legs) / hour,
        "held_long": known_hold.filter(pl.col("hold_ms") >= facts.rule("long_hold_seconds", 300) * 1000).height,
        "hold_rate": share(known_hold.filter(pl.col("hold_ms") > 0).height, known_hold.height),
        "transferred_legs": inbound.filter(pl.col("moved") & ~pl.col("emergency")).height,
        "transfer_rate": share(inbound.filter(pl.col("moved") & ~pl.col("emergency")).height, inbound.height),
        "transfers_to_911": sent.height,
        "transfers_to_911_share": share(sent.height, released.filter("inbound").height),
        "time_to_911_p50": middle(to_911, 0.5, "seconds"),
        "time_to_911_p90": middle(to_911, 0.9, "seconds"),
        "consult_rate": share(consults.height, handled.height),
        "consult_legs": consults.height,
        "consult_talk": consults.select(pl.coalesce("talk_ms", "consult_ms").sum()).item() / hour,
        "agent_disconnect_share": share(either.filter(end_reason="agent").height, either.height),
        "outbound_legs": out.height,
        "outbound_talk": total(out["talk_ms"]) / hour,
        "internal_legs": internal.height,
        "internal_talk": total(internal["talk_ms"]) / hour,
    }


def split_work(facts: Facts, legs: pl.DataFrame) -> float:
    """Milliseconds worked inside the period, each leg's handle time spread evenly over its wall-clock time."""
    total = 0.0
    for row in legs.filter(pl.col("handle").is_not_null()).iter_rows(named=True):
        start, end = row["answered_at"], row["done"]
        if end <= start:
            total += row["handle"] if facts.start <= start < facts.end else 0
            continue
        inside = max(timedelta(), min(end, facts.end) - max(start, facts.start))
        total += row["handle"] * (inside / (end - start))
    return total


def offers(facts: Facts) -> Figures:
    """Offers to agents."""
    rings = facts.table("leg_event").filter(facts.within("start_at"), type="ring")
    withdrawn = pl.col("result").is_in(["caller_hung_up", "abandoned", "cancelled", "canceled"]).fill_null(False)
    refused = rings.filter(~pl.col("result").is_in(["answered", "accepted"]).fill_null(False))
    return {
        "ring_no_answer_rate": share(refused.filter(~withdrawn).height, rings.filter(~withdrawn).height),
        "ring_no_answer_rate_all": share(refused.height, rings.height),
    }


def called_again(facts: Facts) -> dict[int, Visits]:
    """The attempts to call those back who asked for it, by the leg in which they did."""
    legs = facts.table("leg")
    tries = legs.filter(leg_type="callback").rows(named=True)
    found = {}
    for row in legs.filter(flow_out_kind="callback").iter_rows(named=True):
        mine = [t for t in tries if row["leg_id"] == t["parent_leg_id"] or row["contact_id"] == t["contact_id"]]
        found[row["leg_id"]] = [t for t in mine if (t["offered_at"] or t["queue_enter_at"]) >= row["released_at"]]
    return found


def delay(asked: dict[str, Any], tries: dict[int, Visits]) -> float:
    """The milliseconds until the first attempt."""
    first = min(t["offered_at"] or t["queue_enter_at"] for t in tries[asked["leg_id"]])
    return float((first - asked["released_at"]) / timedelta(milliseconds=1))


def callbacks(facts: Facts) -> Figures:
    """Callbacks by the day of the request."""
    asked = facts.table("leg").filter(facts.within("released_at"), flow_out_kind="callback").iter_rows(named=True)
    tries = called_again(facts)
    delays, attempted, reached, requested, over = [], 0, 0, 0, 0
    window = timedelta(minutes=facts.rule("callback_minutes", 0))
    for row in asked:
        requested += 1
        mine = tries[row["leg_id"]]
        attempted += bool(mine)
        reached += any(t["answered_at"] is not None for t in mine)
        over += bool(mine) or row["released_at"] + window <= facts.cutoff[row["source_id"]]
        if mine:
            delays.append(delay(row, tries))
    series = pl.Series(delays, dtype=pl.Float64)
    return {
        "callbacks_requested": requested,
        "callbacks_attempted": attempted,
        "callbacks_reached": reached,
        "callback_completion_rate": share(reached, requested),
        "callbacks_within_window": share(sum(one <= window / timedelta(milliseconds=1) for one in delays), over),
        "callback_delay_p50": middle(series, 0.5, "seconds"),
        "callback_delay_p90": middle(series, 0.9, "seconds"),
    }
