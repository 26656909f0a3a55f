"""Requests, resolution and surveys (M44-M64) from the stored cases, events, links and answers."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from tests.metrics.second import Facts, Figures, days_of, middle, share, survivor_point, total
from tests.metrics.second.calls import worked

DAY = 86_400_000
FOR_EVER = datetime(9999, 1, 1)  # noqa: DTZ001 (stored times are UTC without saying so)
CLOSED = ("closed", "duplicate", "cancelled", "merged")
Case = dict[str, Any]


def ms(span: timedelta) -> float:
    return span / timedelta(milliseconds=1)


def requests(facts: Facts) -> dict[int, Case]:
    """Every request with its events and contacts."""
    cases = {row["case_id"]: row for row in facts.table("service_case").filter(kind="request").iter_rows(named=True)}
    events = defaultdict(list)
    for row in facts.table("case_event").sort("happened_at", "seq").iter_rows(named=True):
        events[row["case_id"]].append(row)
    entered = {row["contact_id"]: row["entered_at"] for row in facts.table("contact").iter_rows(named=True)}
    links: dict[str, list[tuple[datetime, str | None]]] = defaultdict(list)
    for row in facts.table("contact_case").iter_rows(named=True):
        if row["contact_id"] in entered:
            links[row["case_number"]].append((entered[row["contact_id"]], row["role"]))
    for number, case in cases.items():
        case["events"] = events[number]
        case["closed"] = case["status"] in CLOSED
        case["copy"] = case["status"] == "duplicate" or case["parent_case_id"] is not None
        case["cutoff"] = facts.cutoff[case["source_id"]]
        case["links"] = [
            (moment, role or ("status_inquiry" if case["created_at"] < moment else "create"))
            for moment, role in links[case["number"]]
        ]
        case["spells"] = spells(case)
    return cases


def spells(case: Case) -> list[tuple[datetime, datetime]]:
    """From when to when the case was open; for ever where it still is."""
    if case["closed"] and case["closed_at"] is None:
        return []
    found: list[tuple[datetime, datetime]] = []
    opened: datetime | None = None
    for event in case["events"]:
        if event["event"] in ("created", "reopened") and opened is None:
            opened = event["happened_at"]
        elif event["event"] == "closed" and opened is not None:
            found.append((opened, event["happened_at"]))
            opened = None
    return [*found, (opened, FOR_EVER)] if opened is not None else found


def outcomes(facts: Facts, cases: dict[int, Case]) -> Figures:
    """What became of requests: created, closed, due, promised, and how long they took."""

    def inside(moment: datetime | None) -> bool:
        return moment is not None and facts.start <= moment < facts.end

    happened = [(case, event) for case in cases.values() for event in case["events"] if inside(event["happened_at"])]
    closures = [(case, event) for case, event in happened if event["event"] == "closed"]
    real = [case for case in cases.values() if not case["copy"]]
    cohort = [case for case in cases.values() if inside(case["created_at"])]
    mine = [case for case in cohort if not case["copy"]]

    def unknown(case: Case) -> bool:
        return case["closed"] and case["closed_at"] is None

    def on_time(case: Case, by: str) -> bool:
        return case["closed"] and not unknown(case) and case["closed_at"] <= case[by]

    def passed(case: Case, by: str) -> bool:
        return not unknown(case) and case[by] <= case["cutoff"]

    due = [case for case in real if inside(case["due_at"]) and passed(case, "due_at")]
    late_open = [case for case in due if not case["closed"]]
    ended = [case for case in real if inside(case["closed_at"]) and case["closed"]]
    dated = [case for case in ended if case["due_at"] is not None]
    dated_mine = [case for case in mine if case["due_at"] is not None and not unknown(case)]
    promised = [case for case in real if inside(case["promised_at"])]
    judged = [case for case in promised if passed(case, "promised_at")]
    took = [case for case in real if inside(case["closed_at"]) and case["first_closed_at"] is not None]
    lengths = pl.Series([ms(c["first_closed_at"] - c["created_at"]) for c in took], dtype=pl.Float64)
    lengths = lengths.filter(lengths >= 0)
    figures: Figures = {
        "requests_created": len([1 for _, event in happened if event["event"] == "created"]),
        "requests_closed": len(closures),
        "requests_net_closed": len(
            [1 for case, event in closures if case["closed"] and event["happened_at"] == case["closed_at"]]
        ),
        "requests_reopened": len([1 for _, event in happened if event["event"] == "reopened"]),
        "on_time_closure_rate": share(len([c for c in due if on_time(c, "due_at")]), len(due)),
        "requests_late_open": len(late_open),
        "on_time_of_closed": share(len([c for c in dated if on_time(c, "due_at")]), len(dated)),
        "on_time_of_created": share(len([c for c in dated_mine if on_time(c, "due_at")]), len(dated_mine)),
        "requests_without_due_date": len([c for c in mine if c["due_at"] is None]),
        "promise_kept_rate": share(len([c for c in judged if on_time(c, "promised_at")]), len(judged)),
        "promise_given_rate": share(len([c for c in mine if c["promised_at"] is not None]), len(mine)),
        "average_time_to_close": share(total(lengths) / DAY, len(lengths)),
        "time_to_close_closed_p50": middle(lengths, 0.5, "days"),
        "duplicate_rate": share(len([c for c in cohort if c["copy"]]), len(cohort)),
    }
    return figures


def closing_times(facts: Facts, cases: dict[int, Case]) -> Figures:
    """From creation to the first and to the last closure; open requests count as taking at least until the cut-off."""
    mine = [c for c in cases.values() if not c["copy"] and facts.start <= c["created_at"] < facts.end]
    first_closures = [
        (ms((c["first_closed_at"] or c["cutoff"]) - c["created_at"]), c["first_closed_at"] is not None)
        for c in mine
        if not (c["closed"] and c["first_closed_at"] is None)
    ]
    last_closures = [
        (ms((c["closed_at"] if c["closed"] else c["cutoff"]) - c["created_at"]), c["closed"])
        for c in mine
        if not (c["closed"] and c["closed_at"] is None)
    ]
    figures: Figures = {}
    for name, observed, part in (
        ("time_to_close_p50", first_closures, 0.5),
        ("time_to_close_p80", first_closures, 0.8),
        ("time_to_close_p90", first_closures, 0.9),
        ("time_to_last_close_p50", last_closures, 0.5),
    ):
        point = survivor_point([(x, seen) for x, seen in observed if x >= 0], part)
        figures[name] = None if point is None else point / DAY
    return figures


def backlog(facts: Facts, cases: dict[int, Case]) -> Figures:
    """What stood open at the end of the period, rebuilt from the events; and what was open at some time in it."""

    def now(case: Case) -> datetime:
        """The end of the period, or the last instant of which the case's source tells."""
        cutoff: datetime = case["cutoff"]
        return min(facts.end, cutoff)

    standing = [
        c
        for c in cases.values()
        if not c["copy"] and now(c) > facts.start and any(start < now(c) <= end for start, end in c["spells"])
    ]
    ages = pl.Series([ms(now(c) - c["created_at"]) for c in standing], dtype=pl.Float64)
    idle = pl.Series(
        [ms(now(c) - max(e["happened_at"] for e in c["events"] if e["happened_at"] < now(c))) for c in standing],
        dtype=pl.Float64,
    )
    overdue = [c for c in standing if c["due_at"] is not None and c["due_at"] < now(c)]
    spans = {"open_week": (0, 8), "open_month": (8, 31), "open_quarter": (31, 91), "open_old": (91, 10**6)}
    open_at_all = {
        c["case_id"]: c
        for c in cases.values()
        if c["cutoff"] >= facts.start and any(s < facts.end and e >= facts.start for s, e in c["spells"])
    }
    chased = escalated = 0
    for case in open_at_all.values():
        days = {
            day
            for day in days_of(facts.during)
            if facts.begins(day) <= case["cutoff"]
            and any(s < facts.begins(day + timedelta(days=1)) and e >= facts.begins(day) for s, e in case["spells"])
        }
        asked = {day for moment, role in case["links"] if role == "status_inquiry" for day in [_day(facts, moment)]}
        raised = {_day(facts, event["happened_at"]) for event in case["events"] if event["event"] == "escalated"}
        chased += bool(days & asked)
        escalated += bool(days & raised)
    return {
        "open_backlog": len(standing),
        "overdue_backlog": len(overdue),
        "overdue_share": share(len(overdue), len(standing)),
        **{f"backlog_age_p{p}": middle(ages, p / 100, "days") for p in (50, 90)},
        **{f"backlog_idle_p{p}": middle(idle, p / 100, "days") for p in (50, 90)},
        **{name: ages.filter((ages >= low * DAY) & (ages < high * DAY)).len() for name, (low, high) in spans.items()},
        "chased_requests": share(chased, len(open_at_all)),
        "escalation_rate": share(escalated, len(open_at_all)),
    }


def _day(facts: Facts, moment: datetime) -> Any:
    return pl.DataFrame({"m": [moment]}).select(facts.day("m")).item()


def closures(facts: Facts, cases: dict[int, Case]) -> Figures:
    """Closures and what followed them."""
    window = timedelta(days=facts.rule("reopen_days", 14))
    early = timedelta(minutes=facts.rule("early_closure_minutes", 15))
    reasons = {
        (v["case_id"], v["closed_at"]): v["closure_reason"] for v in facts.table("case_version").iter_rows(named=True)
    }
    children = defaultdict(list)
    for case in cases.values():
        if case["parent_case_id"] is not None:
            children[case["parent_case_id"]].append(case["created_at"])
    found = []
    for case in cases.values():
        assigned = [e["happened_at"] for e in case["events"] if e["event"] == "assigned"]
        for event in case["events"]:
            if event["event"] != "closed" or not facts.start <= event["happened_at"] < facts.end:
                continue
            moment = event["happened_at"]
            reason = (event["text"] or reasons.get((case["case_id"], moment)) or event["to_code"] or "").lower()
            handed = min(min(assigned, default=case["created_at"]), moment)
            found.append(
                {
                    "complete": moment + window <= case["cutoff"],
                    "undone": any(
                        e["event"] == "reopened" and moment <= e["happened_at"] <= moment + window
                        for e in case["events"]
                    ),
                    "again": any(moment <= c <= moment + window for c in children[case["case_id"]]),
                    "early": moment - handed < early,
                    "office": any(
                        word in reason for word in ("referred", "duplicate", "jurisdiction", "work order opened")
                    ),
                }
            )
    judged = [c for c in found if c["complete"]]
    return {
        "reopen_rate": share(len([c for c in judged if c["undone"]]), len(judged)),
        "reported_again_rate": share(len([c for c in judged if c["again"] and not c["undone"]]), len(judged)),
        "closures_window_open": len(found) - len(judged),
        "early_closure_share": share(len([c for c in found if c["early"] or c["office"]]), len(found)),
        "early_closure_share_minutes": share(len([c for c in found if c["early"]]), len(found)),
        "administrative_closure_share": share(len([c for c in found if c["office"]]), len(found)),
    }


def history(facts: Facts, cases: dict[int, Case]) -> Figures:
    """Routing, documentation, links and hand-off of the requests created in the period."""
    cohort = [c for c in cases.values() if facts.start <= c["created_at"] < facts.end]
    window = timedelta(days=facts.rule("routing_days", 30))
    names = ("area", "description", "title", "promised_at")
    everyone = facts.table("service_case")
    used = {
        (source, name)
        for (source,), rows in everyone.group_by("source_id")
        for name in names
        if rows[name].null_count() < rows.height
    }
    empty = ("", "-", ".", "n/a", "none", "unknown", "test", "tbd", "x")
    ended = ends_of_contacts(facts)
    asked = filled = complete = linked = routed = right = caught = copies = 0
    waits = []
    for case in cohort:
        wanted = ["request_type", *(name for name in names if (case["source_id"], name) in used)]
        good = [name for name in wanted if _is_filled(case, name, empty, facts.rule("description_letters", 10))]
        asked, filled, complete = asked + len(wanted), filled + len(good), complete + (len(good) == len(wanted))
        linked += len(case["links"])
        assigned = [e for e in case["events"] if e["event"] == "assigned"]
        copies += case["copy"]
        handed = min((e["happened_at"] for e in assigned), default=None)
        caught += case["copy"] and (
            handed is None or (case["first_closed_at"] is not None and case["first_closed_at"] <= handed)
        )
        if handed is not None and ended[case["number"]]:
            waits.append(max(0.0, ms(handed - max(ended[case["number"]]))))
        if case["copy"] or case["created_at"] + window > case["cutoff"]:
            continue
        routed += 1
        moved = any(e["from_value"] is not None and e["from_value"] != e["to_value"] for e in assigned)
        wrong = any(
            e["event"] in ("reassigned", "returned") or (e["event"] == "field" and e["field"] == "request_type")
            for e in case["events"]
        )
        right += not moved and not wrong
    phone = [c for c in cohort if c["channel"] == "voice"]
    series = pl.Series(waits, dtype=pl.Float64)
    return {
        "contacts_per_case": share(linked, len(cohort)),
        "orphaned_phone_requests": share(len([c for c in phone if not c["links"]]), len(phone)),
        "documentation_completeness": share(filled, asked),
        "documentation_complete_cases": share(complete, len(cohort)),
        "right_first_time": share(right, routed),
        "duplicates_caught_rate": share(caught, copies),
        "hand_off_time_p50": middle(series, 0.5, "seconds"),
        "hand_off_time_p90": middle(series, 0.9, "seconds"),
    }


def ends_of_contacts(facts: Facts) -> dict[str, list[datetime]]:
    """When the contacts that opened a case were finished, by the case's number."""
    born = {row["number"]: row["created_at"] for row in facts.table("service_case").iter_rows(named=True)}
    ended: dict[str, list[datetime]] = defaultdict(list)
    over = {row["contact_id"]: row for row in facts.table("leg").sort("released_at").iter_rows(named=True)}
    entered = {row["contact_id"]: row["entered_at"] for row in facts.table("contact").iter_rows(named=True)}
    for link in facts.table("contact_case").iter_rows(named=True):
        leg, moment = over.get(link["contact_id"]), entered.get(link["contact_id"])
        created = born.get(link["case_number"])
        if (
            leg
            and moment
            and created
            and (link["role"] or ("status_inquiry" if created < moment else "create")) == "create"
        ):
            ended[link["case_number"]].append(leg["acw_end_at"] or leg["released_at"])
    return ended


def _is_filled(case: Case, name: str, empty: tuple[str, ...], letters: float) -> bool:
    value = case[name]
    if name == "promised_at":
        return value is not None
    if name == "description":
        return len((value or "").strip()) >= letters
    return value is not None and value.strip().lower() not in empty


def resolution(facts: Facts) -> Figures:
    """Contacts as wholes: handled, transferred, linked, resolved, and whether the caller came back."""
    legs = worked(facts).filter("handled")
    contacts = {
        row["contact_id"]: row
        for row in facts.table("contact").filter(~pl.col("is_test").fill_null(False)).iter_rows(named=True)
    }
    kinds = dict(facts.table("request_type").select("request_type", "kind").iter_rows())
    by_number = {row["number"]: row for row in facts.table("service_case").iter_rows(named=True)}
    links = defaultdict(list)
    for link in facts.table("contact_case").iter_rows(named=True):
        if link["case_number"] in by_number and link["contact_id"] in contacts:
            case = by_number[link["case_number"]]
            role = link["role"] or (
                "status_inquiry" if case["created_at"] < contacts[link["contact_id"]]["entered_at"] else "create"
            )
            links[link["contact_id"]].append((case, role))
    wholes = []
    for (number,), mine in legs.group_by("contact_id"):
        contact, tied = contacts[number], links[number]
        known = {case["kind"] for case, _ in tied}
        kind = kinds.get(contact["request_type"]) or (
            "information" if "information" in known else "request" if "request" in known else None
        )
        out = mine.filter("moved").filter(pl.col("transfer_class").is_in(["department", "911", "external"])).height
        done = mine["done"].max()
        open_inquiry = any(
            c["kind"] == "information" and (c["closed_at"] is None or c["closed_at"] > done) for c, _ in tied
        )
        wholes.append(
            {
                "done": done,
                "entered": contact["entered_at"],
                "inbound": mine["inbound"].any(),
                "handle": mine["handle"].sum() if mine["handle"].null_count() == 0 else None,
                "moved": mine["moved"].any() and not mine.filter(transfer_class="911").height,
                "supervisor": mine.filter(transfer_class="supervisor").height > 0,
                "kind": kind,
                "tied": bool(tied) or contact["wrap_code"] is not None,
                "asks": any(role == "status_inquiry" for _, role in tied),
                "here": not out and "request" not in known and not open_inquiry,
            }
        )
    done = [w for w in wholes if facts.start <= w["done"] < facts.end]
    inbound = [w for w in done if w["inbound"]]
    cohort = [w for w in wholes if w["inbound"] and facts.start <= w["entered"] < facts.end]
    questions = [w for w in cohort if w["kind"] == "information"]
    needing = [w for w in inbound if w["kind"] != "information"]
    timed = [w["handle"] for w in inbound if w["handle"] is not None]
    return {
        "contacts_handled": len(done),
        "average_handle_time_contact": share(sum(timed) / 1000, len(timed)),
        "transfer_rate_contacts": share(len([w for w in inbound if w["moved"]]), len(inbound)),
        "supervisor_escalations": share(len([w for w in inbound if w["supervisor"]]), len(inbound)),
        "case_link_rate": share(len([w for w in needing if w["tied"]]), len(needing)),
        "status_inquiry_rate": share(len([w for w in inbound if w["asks"]]), len(inbound)),
        "resolved_at_311": share(len([w for w in questions if w["here"]]), len(questions)),
        "resolved_at_311_of_all": share(len([w for w in questions if w["here"]]), len(cohort)),
        **repeats(facts, contacts),
    }


def repeats(facts: Facts, contacts: dict[int, dict[str, Any]]) -> Figures:
    """Whether callers came back within the window."""
    window = timedelta(days=facts.rule("repeat_days", 7))
    emergencies = set(facts.table("leg").filter(transfer_class="911")["contact_id"])
    inbound = sorted(
        (c for c in contacts.values() if c["direction"] == "inbound"), key=lambda c: (c["entered_at"], c["contact_id"])
    )
    times: dict[object, list[tuple[datetime, int]]] = defaultdict(list)
    for c in inbound:
        times[c["caller_key"]].append((c["entered_at"], c["contact_id"]))
        times[c["caller_key"], c["request_type"]].append((c["entered_at"], c["contact_id"]))

    def follows(key: object, c: dict[str, Any]) -> bool:
        mine = times[key]
        place = bisect_right(mine, (c["entered_at"], c["contact_id"]))
        assert place > bisect_left(mine, (c["entered_at"], c["contact_id"]))
        return place < len(mine) and mine[place][0] - c["entered_at"] <= window

    def times_until(c: dict[str, Any]) -> int:
        mine = times[c["caller_key"], c["request_type"]]
        return len([at for at, _ in mine if c["entered_at"] - window <= at <= c["entered_at"]])

    often = facts.rule("repeat_contacts", 3)
    here = [c for c in inbound if c["caller_key"] is not None and facts.start <= c["entered_at"] < facts.end]
    insistent = {(c["caller_key"], c["request_type"]) for c in here if times_until(c) >= often}
    base = [c for c in inbound if c["outcome"] == "answered" and facts.start <= c["entered_at"] < facts.end]
    keyed = [c for c in base if c["caller_key"] is not None]
    apart = [c for c in keyed if c["contact_id"] not in emergencies]
    judged = [c for c in apart if c["entered_at"] + window <= facts.cutoff[c["source_id"]]]
    return {
        "first_contact_resolution": share(
            len([c for c in judged if not follows((c["caller_key"], c["request_type"]), c)]), len(judged)
        ),
        "first_contact_resolution_any_topic": share(
            len([c for c in judged if not follows(c["caller_key"], c)]), len(judged)
        ),
        "insistent_callers": len(insistent),
        "contacts_window_open": len(apart) - len(judged),
        "contacts_without_caller": len(base) - len(keyed),
    }


def surveys(facts: Facts) -> Figures:
    """What residents said, by the day of the contact."""
    entered = dict(facts.table("contact").select("contact_id", "entered_at").iter_rows())
    answers: dict[int, dict[str, Any]] = defaultdict(dict)
    for row in facts.table("survey_answer").iter_rows(named=True):
        answers[row["survey_id"]][row["is_main"]] = row
    sent = [
        s
        for s in facts.table("survey").iter_rows(named=True)
        if facts.start <= entered.get(s["contact_id"], s["sent_at"]) < facts.end
    ]
    rated = [answers[s["survey_id"]]["csat"] for s in sent if "csat" in answers[s["survey_id"]]]
    scores = [answers[s["survey_id"]]["nps"]["value_num"] for s in sent if "nps" in answers[s["survey_id"]]]
    solved = [
        answers[s["survey_id"]]["solved"]["value_text"] == "yes" for s in sent if "solved" in answers[s["survey_id"]]
    ]
    points = share(100 * (len([x for x in scores if x >= 9]) - len([x for x in scores if x <= 6])), len(scores))
    return {
        "satisfaction": share(len([a for a in rated if a["value_num"] > a["scale_max"] - 2]), len(rated)),
        "satisfaction_top": share(len([a for a in rated if a["value_num"] == a["scale_max"]]), len(rated)),
        "average_rating": share(sum(a["value_num"] for a in rated), len(rated)),
        "survey_response_rate": share(len([s for s in sent if s["answered_at"] is not None]), len(sent)),
        "net_promoter_score": points,
        "survey_resolution": share(sum(solved), len(solved)),
    }
