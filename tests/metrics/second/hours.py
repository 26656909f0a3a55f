"""Agents' time and planning (M22, M23, M33, M35-M43): every second of the period, one by one."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from tests.metrics.second import Facts, Figures, share, survivor_point
from tests.metrics.second.calls import visits, worked

STATES = ("offline", "available", "not_ready", "acw", "handling")
BREAKS = ("break", "meal", "meeting", "training", "other_work")


def seconds(moment: datetime, start: datetime) -> int:
    return round((moment - start).total_seconds())


def clocks(facts: Facts, start: datetime, length: int) -> dict[str, np.ndarray]:
    """The state of each agent in each second from `start` on; where several run at once the later of STATES wins."""
    found: dict[str, np.ndarray] = {}
    within = (pl.col("start_at") < start + timedelta(seconds=length)) & (pl.col("end_at") > start)
    for row in facts.table("agent_state").filter(within).iter_rows(named=True):
        if row["state"] == "offline" or row["agent_id"] is None:
            continue
        clock = found.setdefault(row["agent_id"], np.zeros(length, dtype=np.int8))
        first, last = (min(max(seconds(row[name], start), 0), length) for name in ("start_at", "end_at"))
        rank = STATES.index("handling" if row["state"] == "ringing" else row["state"])
        clock[first:last] = np.maximum(clock[first:last], rank)
    return found


def known_until(facts: Facts) -> datetime:
    """The last moment of which any agent's state is known."""
    states = facts.table("agent_state")
    moments = [*states["start_at"].drop_nulls(), *states["end_at"].drop_nulls()]
    return max(moments, default=facts.start)


def calls_until(facts: Facts) -> datetime:
    """Up to when calls are known: the end of the last day that has any, if the export came after it."""
    legs = facts.table("leg")
    if legs.is_empty():
        return facts.start
    last: datetime = legs["queue_enter_at"].max()  # type: ignore[assignment]
    day = last.replace(tzinfo=UTC).astimezone(facts.centre.timezone).date()
    return min(
        facts.begins(day + timedelta(days=1)), max(facts.cutoff[source] for source in legs["source_id"].unique())
    )


def agent_time(facts: Facts) -> Figures:
    """Shares of states and occupancy within the period."""
    length = seconds(facts.end, facts.start)
    state = dict.fromkeys(STATES, 0)
    both = 0
    for clock in clocks(facts, facts.start, length).values():
        for rank, count in zip(*np.unique(clock, return_counts=True), strict=True):
            state[STATES[rank]] += int(count)
    away: dict[str, np.ndarray] = defaultdict(lambda: np.zeros(length, dtype=bool))
    busy: dict[str, np.ndarray] = defaultdict(lambda: np.zeros(length, dtype=bool))
    for row in facts.table("agent_state").iter_rows(named=True):
        first, last = (min(max(seconds(row[name], facts.start), 0), length) for name in ("start_at", "end_at"))
        if row["state"] == "not_ready":
            away[row["agent_id"]][first:last] = True
        elif row["state"] in ("handling", "ringing"):
            busy[row["agent_id"]][first:last] = True
    both = sum(int((away[agent] & busy[agent]).sum()) for agent in list(away))
    staffed = sum(state.values()) - state["offline"]
    taking = state["available"] + state["acw"] + state["handling"]
    occupied = state["acw"] + state["handling"]
    legs = worked(facts).filter("handled", facts.within("done")).height
    return {
        "staffed_time": staffed / 3600,
        "available_share": share(state["available"], staffed),
        "handling_share": share(state["handling"], staffed),
        "after_call_share": share(state["acw"], staffed),
        "not_ready_share": share(state["not_ready"], staffed),
        "not_ready_time": state["not_ready"] / 3600,
        "handling_in_not_ready_share": share(both, staffed),
        "occupancy": share(occupied, taking),
        "occupancy_of_staffed": share(occupied, staffed),
        "legs_per_productive_hour": share(legs, taking / 3600),
    }


def planned_time(facts: Facts) -> Figures:
    """Adherence and conformance shift by shift, utilisation and shrinkage within the period."""
    start, margin = facts.start - timedelta(days=2), 2 * 86_400
    length = seconds(facts.end, start) + margin
    states = clocks(facts, start, length)
    plans: dict[str, list[dict[str, Any]]] = defaultdict(list)
    until = known_until(facts)
    for row in facts.table("schedule").sort("start_at").iter_rows(named=True):
        if row["start_at"] < until:
            plans[row["agent_id"]].append({**row, "end_at": min(row["end_at"], until)})
    total: dict[str, int] = defaultdict(int)
    inside = np.zeros(length, dtype=bool)
    inside[margin : length - margin] = True
    for agent in {*states, *plans}:
        state = states.get(agent, np.zeros(length, dtype=np.int8))
        working = (state == 1) | (state >= 3)
        planned = np.zeros(length, dtype=bool)
        for row in plans[agent]:
            first, last = (min(max(seconds(row[name], start), 0), length) for name in ("start_at", "end_at"))
            planned[first:last] = True
            spent, here = state[first:last], inside[first:last]
            work = working[first:last]
            right = (
                work
                if row["activity"] == "queue"
                else (spent == 0)
                if row["activity"] in ("time_off", "unavailable")
                else (spent == 0) | (spent == 2)
            )
            off = row["activity"] in ("time_off", "unavailable")
            if row["is_paid"]:
                total["paid"] += int(here.sum())
                total["absent"] += int(((spent == 0) & here).sum())
                total["inner"] += int(((spent == 2) & here).sum())
            if row["is_paid"] or off:
                total["planned_or_away"] += int(here.sum())
                total["shrunk"] += int((~work & here).sum())
            total["outer"] += int((~work & here).sum()) if off else 0
            if facts.during.first <= row["shift_date"] <= facts.during.last:
                total["counting"] += (last - first) * bool(row["counts_for_adherence"])
                total["adherent"] += int(right.sum()) * bool(row["counts_for_adherence"])
                total["queue"] += (last - first) * (row["activity"] == "queue")
                total["queue_right"] += int(work.sum()) * (row["activity"] == "queue")
                total["for_shift"] += int(work.sum())
        extra = working & ~planned
        total["outside"] += _outside(facts, extra, plans[agent], start)
        total["productive"] += int((working & inside).sum())
        total["staffed"] += int(((state > 0) & inside).sum())
    return {
        "utilisation": share(total["productive"], total["paid"]),
        "utilisation_logged_in": share(total["staffed"], total["paid"]),
        "shrinkage": share(total["shrunk"], total["planned_or_away"]),
        "shrinkage_internal": share(total["inner"], total["planned_or_away"]),
        "shrinkage_external": share(total["outer"], total["planned_or_away"]),
        "shrinkage_absent": share(total["absent"], total["planned_or_away"]),
        "adherence": share(total["adherent"], total["counting"]),
        "adherence_with_outside": share(total["adherent"], total["counting"] + total["outside"]),
        "adherence_ready_time": share(total["queue_right"], total["queue"]),
        "conformance": share(total["for_shift"] + total["outside"], total["queue"]),
    }


def _outside(facts: Facts, extra: np.ndarray, plans: list[dict[str, Any]], start: datetime) -> int:
    """Seconds worked outside any plan that belong to shifts of the period: by quarters of an hour, to the nearer one."""
    found, far = 0, timedelta(hours=8)
    for second in np.flatnonzero(extra):
        now = start + timedelta(seconds=int(second))
        quarter = now.replace(minute=now.minute // 15 * 15, second=0)
        before = max((p for p in plans if p["end_at"] <= now), key=lambda p: p["end_at"], default=None)
        after = min((p for p in plans if p["start_at"] > now), key=lambda p: p["start_at"], default=None)
        since = quarter - before["end_at"] if before else timedelta.max
        until = after["start_at"] - quarter if after else timedelta.max
        if before and since <= min(far, until):
            day = before["shift_date"]
        else:
            day = after["shift_date"] if after and until <= far else _day(facts, quarter)
        found += facts.during.first <= day <= facts.during.last
    return found


def _day(facts: Facts, moment: datetime) -> Any:
    return moment.replace(tzinfo=UTC).astimezone(facts.centre.timezone).date()


def forecasts(facts: Facts) -> Figures:
    """Forecast error and staffing gap, interval by interval."""
    rows = facts.table("interval_stat").filter(facts.within("interval_start_at"))
    came = [v for v in visits(facts) if v["live"] and v["visit_no"] == 1 and v["became"] != "refused"]
    absolute = error = actual = 0.0
    until = calls_until(facts)
    for row in rows.filter(item="offered_f").iter_rows(named=True):
        end = row["interval_start_at"] + timedelta(milliseconds=row["interval_ms"])
        if end > until:
            continue
        count = len(
            [
                v
                for v in came
                if v["queue_id"] == row["queue_id"] and row["interval_start_at"] <= v["queue_enter_at"] < end
            ]
        )
        absolute, error, actual = absolute + abs(row["value"] - count), error + row["value"] - count, actual + count
    over = under = 0.0
    needed = rows.filter(item="required_f").group_by("interval_start_at", "interval_ms").agg(pl.col("value").sum())
    seen_until = known_until(facts)
    for start, length, agents in needed.iter_rows():
        if start + timedelta(milliseconds=length) > seen_until:
            continue
        there = sum(int(((c == 1) | (c >= 3)).sum()) for c in clocks(facts, start, length // 1000).values())
        gap = there - agents * length / 1000
        over, under = over + max(gap, 0), under + max(-gap, 0)
    return {
        "forecast_wape": share(absolute, actual),
        "forecast_bias": share(error, actual),
        "overstaffing": over / 3600,
        "understaffing": under / 3600,
    }


def deferred(facts: Facts) -> Figures:
    """Messages and visitors without opening hours: the calendar's clock counts."""
    items = [v for v in visits(facts) if not v["live"] and v["visit_no"] == 1]
    cutoff = facts.cutoff
    due = unanswered = on_time = 0
    for item in items:
        if item["target"] is None:
            continue
        deadline = item["queue_enter_at"] + timedelta(milliseconds=item["target"])
        if not facts.start <= deadline < facts.end:
            continue
        answered = item["answered_at"]
        if answered is None and deadline > cutoff[item["source_id"]]:
            continue
        due += 1
        on_time += answered is not None and answered <= deadline
        unanswered += answered is None
    mine = [v for v in items if facts.during.first <= v["day"] <= facts.during.last]
    curve = [(v["wait_ms"], v["became"] == "answered") for v in mine if v["wait_ms"] is not None]
    figures: Figures = {"response_level": share(on_time, due), "response_overdue": unanswered}
    for part in (50, 90):
        point = survivor_point(curve, part / 100)
        figures[f"first_response_p{part}"] = None if point is None else point / 1000
    return figures
