"""How contacts were dealt with in a month, and by how many: handle time and its parts, staffing against load."""

from __future__ import annotations

from metrics import Figure, Key, text
from metrics.answers import Sentence, listing, table
from metrics.month.access import in_time
from metrics.month.figures import MonthFigures
from metrics.parts import Chart, Part, Section, Table

HANDLING = {
    "legs_handled": "Legs",
    "average_handle_time": "Handle time",
    "handle_time_p50": "Median",
    "handle_time_p90": "90th percentile",
    "average_talk_time": "Talk",
    "average_hold_time": "Hold",
    "average_after_call_work": "After-call",
}
PARTS = {"average_talk_time": "Talk", "average_after_call_work": "After-call work", "average_hold_time": "Hold"}
RESPONSE = {
    "deferred_contacts": "Received",
    "first_response_p50": "First answer, median",
    "first_response_p90": "90th percentile",
    "response_level": "Answered in time",
    "response_overdue": "Past their date, unanswered",
}
RESOLUTION = {
    "hold_rate": "",
    "transfer_rate": "",
    "first_contact_resolution": "",
    "resolved_at_311": "",
    "right_first_time": "",
    "status_inquiry_rate": "",
    "contacts_per_case": "",
    "case_link_rate": "",
    "documentation_complete_cases": "",
}
TIME = {
    "staffed_time": "Staffed time",
    "occupancy": "Occupancy",
    "available_share": "Available",
    "handling_share": "Handling",
    "after_call_share": "After-call",
    "not_ready_share": "Not ready",
    "legs_per_productive_hour": "Legs an hour",
}
PLAN = {
    "adherence": "",
    "conformance": "",
    "shrinkage": "",
    "shrinkage_internal": "",
    "shrinkage_external": "",
    "shrinkage_absent": "",
    "utilisation": "",
}
FORECAST = {"forecast_wape": "", "forecast_bias": "", "overstaffing": "", "understaffing": ""}


def handling(month: MonthFigures) -> list[Section]:
    """Two or three pages on the work."""
    return [
        Section(
            "Handling",
            (_course(month), _weeks(month), _queues(month), *_response(month), _resolution(month)),
            begins_page=True,
        ),
        Section("Staffing against load", (*_told(month), _load(month), _time(month), _plan(month), *_forecast(month))),
    ]


def _course(month: MonthFigures) -> Chart:
    days = month.ask(HANDLING, "day")
    whole = month.ask(HANDLING, "day").figure("average_handle_time")
    return days.chart(
        "line",
        PARTS,
        f"Handle time was {whole.words} on average: its parts, day by day",
        keys=month.day_keys,
        label=_day,
        x_title="day of completion",
        axis_title="Time per inbound leg (min:s)",
    )


def _day(key: Key) -> str:
    return text.dimension_value("day", key[0])[4:]


def _weeks(month: MonthFigures) -> Table:
    columns = month.ask(HANDLING, "week").columns(HANDLING)
    return table(
        "Handle time and its parts by week", columns, keys=month.week_keys, label=month.week_name, heading="Week",
        total="All", n="first count",
    )  # fmt: skip


def _queues(month: MonthFigures) -> Table:
    columns = month.ask(HANDLING, "queue").columns(HANDLING)
    return table("By queue", columns, heading="Queue", total="All", n="first count")


def _response(month: MonthFigures) -> tuple[Part, ...]:
    response = month.ask(RESPONSE, "channel")
    if not response.figure("deferred_contacts").n:
        return ()
    caption = "First answer to messages and visitors"
    return (table(caption, response.columns(RESPONSE), heading="Channel", total="All"),)


def _resolution(month: MonthFigures) -> Table:
    return listing("Resolution", in_time(month, RESOLUTION), RESOLUTION)


def _told(month: MonthFigures) -> list[Sentence]:
    time = month.ask(TIME)
    staffed = time.claim("staffed_time")
    if staffed.figure.value is None:
        return []
    return [
        Sentence.of(
            "Agents were signed on for {staffed.words}; while they could take contacts they were busy with them for "
            "{busy.words} of the time (occupancy), and {away.words} of the staffed time they were not ready.",
            staffed=staffed,
            busy=time.claim("occupancy"),
            away=time.claim("not_ready_share"),
        )
    ]


def _load(month: MonthFigures) -> Chart:
    """Occupancy by hour: where the load is heavy for those present."""
    keys: list[Key] = [(hour,) for hour in range(24)]
    hours = month.ask(("occupancy", "staffed_time"), "hour", where={"day_type": ["weekday"]})
    busiest = max(keys, key=lambda key: hours.figure("occupancy", *key).value or 0)
    figure: Figure = hours.figure("occupancy", *busiest)
    sentence = "Occupancy, hour by hour on weekdays"
    if figure.value is not None:
        start = int(str(busiest[0]))
        sentence = (
            f"On weekdays those present were busiest from {text.dimension_value('hour', start)} to "
            f"{text.dimension_value('hour', start + 1)}: {figure.words} of their time"
        )
    return hours.chart("bars", {"occupancy": "Occupancy"}, sentence, keys=keys, x_title="hour, weekdays together")


def _time(month: MonthFigures) -> Table:
    columns = month.ask(TIME, "week").columns(TIME)
    return table(
        "Staffed time by week", columns, keys=month.week_keys, label=month.week_name, heading="Week", total="All",
        note="n is the number of hours that a share rests on.",
    )  # fmt: skip


def _plan(month: MonthFigures) -> Table:
    """One month only: what is planned is compared with what was done minute by minute, which takes its time."""
    return listing(
        "Plan and presence",
        {text.period(month.month): month.ask(PLAN)},
        PLAN,
        note="n is the number of planned hours. Adherence is the share of the planned time in which people did what "
        "the plan said; conformance is time worked over time planned and can be above 100 %.",
    )


def _forecast(month: MonthFigures) -> tuple[Part, ...]:
    found = listing("Forecast and requirement", in_time(month, FORECAST), FORECAST)
    return (found,) if found.rows else (found.note,)
