"""How contacts were dealt with in a month, and by how many: handle time and its parts, staffing against load."""

from __future__ import annotations

from collections.abc import Mapping

from metrics import Figure, Key, text
from metrics.answers import Sentence, listing, missing_words, table
from metrics.availability import unavailable
from metrics.language import N_, _
from metrics.month.access import in_time
from metrics.month.figures import MonthFigures
from metrics.parts import Chart, Part, Section, Table

HANDLING = {
    "legs_handled": N_("Legs"),
    "average_handle_time": N_("Handle time"),
    "handle_time_p50": N_("Median"),
    "handle_time_p90": N_("90th percentile"),
    "average_talk_time": N_("Talk"),
    "average_hold_time": N_("Hold"),
    "average_after_call_work": N_("After-call"),
}
PARTS = {
    "average_talk_time": N_("Talk"),
    "average_after_call_work": N_("After-call work"),
    "average_hold_time": N_("Hold"),
}
RESPONSE = {
    "deferred_contacts": N_("Received"),
    "first_response_p50": N_("First answer, median"),
    "first_response_p90": N_("90th percentile"),
    "response_level": N_("Answered in time"),
    "response_overdue": N_("Past their date, unanswered"),
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
    "staffed_time": N_("Staffed time"),
    "occupancy": N_("Occupancy"),
    "available_share": N_("Available"),
    "handling_share": N_("Handling"),
    "after_call_share": N_("After-call"),
    "not_ready_share": N_("Not ready"),
    "legs_per_productive_hour": N_("Legs an hour"),
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
    absent = unavailable(month.asker.centre, [*HANDLING, *TIME, *PLAN, *FORECAST])
    staffing: tuple[Part, ...] = (*_told(month), _load(month), _time(month), _plan(month), *_forecast(month))
    if all(name in absent for name in (*TIME, *PLAN, *FORECAST)):
        lacking = {name: absent[name] for name in (*TIME, *PLAN, *FORECAST)}
        staffing = tuple(missing_words(month.asker, lacking))
    if all(name in absent for name in HANDLING):
        handled: tuple[Part, ...] = tuple(missing_words(month.asker, {name: absent[name] for name in HANDLING}))
    else:
        handled = (*_course(month, absent), _weeks(month), _queues(month))
    return [
        Section(_("Handling"), (*handled, *_response(month), *_resolution(month)), begins_page=True),
        Section(_("Staffing against load"), staffing),
    ]


def _course(month: MonthFigures, absent: Mapping[str, str]) -> tuple[Part, ...]:
    parts = {name: title for name, title in PARTS.items() if name not in absent}
    if not parts:
        return ()
    days = month.ask(HANDLING, "day")
    whole = month.ask(HANDLING, "day").figure("average_handle_time")
    sentence = _("Handle time was {time} on average: its parts, day by day").format(time=whole.words)
    if whole.value is None:
        sentence = _("What is known of handle time, day by day")
    chart = days.chart(
        "line",
        parts,
        sentence,
        keys=month.day_keys,
        label=_day,
        x_title=_("day of completion"),
        axis_title=_("Time per inbound leg (min:s)"),
    )
    return (chart,)


def _day(key: Key) -> str:
    return text.narrow(key[0])


def _weeks(month: MonthFigures) -> Table:
    columns = month.ask(HANDLING, "week").columns(HANDLING)
    return table(
        _("Handle time and its parts by week"), columns, keys=month.week_keys, label=month.week_name, heading=_("Week"),
        total=_("All"), n="first count",
    )  # fmt: skip


def _queues(month: MonthFigures) -> Table:
    columns = month.ask(HANDLING, "queue").columns(HANDLING)
    return table(_("By queue"), columns, heading=_("Queue"), total=_("All"), n="first count")


def _response(month: MonthFigures) -> tuple[Part, ...]:
    response = month.ask(RESPONSE, "channel")
    if not response.figure("deferred_contacts").n:
        return ()
    caption = _("First answer to messages and visitors")
    return (table(caption, response.columns(RESPONSE), heading=_("Channel"), total=_("All")),)


def _resolution(month: MonthFigures) -> tuple[Part, ...]:
    found = listing(_("Resolution"), in_time(month, RESOLUTION), RESOLUTION)
    return (found,) if found.rows else (found.note,)


def _told(month: MonthFigures) -> list[Sentence]:
    time = month.ask(TIME)
    staffed = time.claim("staffed_time")
    if staffed.figure.value is None:
        return []
    return [
        Sentence.of(
            _(
                "Agents were signed on for {staffed.words}; while they could take contacts they were busy with them "
                "for {busy.words} of the time (occupancy), and {away.words} of the staffed time they were not ready."
            ),
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
    sentence = _("Occupancy, hour by hour on weekdays")
    if figure.value is not None:
        start = int(str(busiest[0]))
        sentence = _("On weekdays those present were busiest from {first} to {last}: {share} of their time").format(
            first=text.dimension_value("hour", start),
            last=text.dimension_value("hour", start + 1),
            share=figure.words,
        )
    return hours.chart("bars", {"occupancy": _("Occupancy")}, sentence, keys=keys, x_title=_("hour, weekdays together"))


def _time(month: MonthFigures) -> Table:
    columns = month.ask(TIME, "week").columns(TIME)
    return table(
        _("Staffed time by week"), columns, keys=month.week_keys, label=month.week_name, heading=_("Week"),
        total=_("All"), note=_("n is the number of hours that a share rests on."),
    )  # fmt: skip


def _plan(month: MonthFigures) -> Table:
    """One month only: what is planned is compared with what was done minute by minute, which takes its time."""
    return listing(
        _("Plan and presence"),
        {text.period(month.month): month.ask(PLAN)},
        PLAN,
        note=_(
            "n is the number of planned hours. Adherence is the share of the planned time in which people did "
            "what the plan said; conformance is time worked over time planned and can be above 100 %."
        ),
    )


def _forecast(month: MonthFigures) -> tuple[Part, ...]:
    found = listing(_("Forecast and requirement"), in_time(month, FORECAST), FORECAST)
    return (found,) if found.rows else (found.note,)
