"""How the centre could be reached in a month: service level, waits, peak and off-peak, ways out, 911."""

from __future__ import annotations

from metrics import Key, text
from metrics.answers import Answer, Sentence, listing, table
from metrics.month.figures import MonthFigures
from metrics.parts import Chart, Part, Section, Table, series

ACCESS = {
    "contacts_offered": "Offered",
    "contacts_answered": "Answered",
    "abandon_rate": "Abandon rate",
    "service_level": "Service level",
    "average_speed_of_answer": "Speed of answer",
    "average_wait": "Wait of all",
    "wait_p50": "Median wait",
    "wait_p90": "90th percentile",
}
# what the month as a whole is asked for at once
WHOLE = {**ACCESS, "contacts_abandoned": "Gave up"}
DAY_TYPES = {"weekday": "Monday to Friday", "weekend": "Saturday and Sunday"}
# the published forms of the service level, each under its own name
FORMS = {f"service_level_sl{number}": "" for number in range(1, 7)}
WAYS_OUT = {
    "contacts_offered": "",
    "contacts_answered": "",
    "contacts_abandoned": "",
    "short_abandons": "",
    "flow_outs": "",
    "flow_outs_callback": "",
    "flow_outs_voicemail": "",
    "flow_outs_overflow": "",
    "flow_outs_closing": "",
    "calls_in_closed_hours": "",
    "calls_blocked": "",
}
OTHERS = {
    "transfers_to_911": "",
    "transfers_to_911_share": "",
    "time_to_911_p50": "",
    "callbacks_requested": "",
    "callback_completion_rate": "",
    "callback_delay_p50": "",
    "ring_no_answer_rate": "",
    "transfer_rate": "",
    "escalation_rate": "",
}


def access(month: MonthFigures) -> list[Section]:
    """Three pages on waiting."""
    return [
        Section(
            "Access", (_formula(month), _level_by_day(month), _waits_by_day(month), _weeks(month)), begins_page=True
        ),
        Section("Queues, peak and off-peak", (_queues(month), _hours(month), *_peak(month))),
        Section("What became of contacts", (_ways_out(month), *_emergency(month), _forms(month))),
    ]


def in_time(month: MonthFigures, names: dict[str, str]) -> dict[str, Answer]:
    """This month and, where the data hold both whole, the month before."""
    found = {text.period(month.month): month.ask(names)}
    if month.is_comparable("contact"):
        found[text.period(month.before)] = month.ask(names, during=month.before)
    return found


def _formula(month: MonthFigures) -> Sentence | str:
    """How the service level is computed, with its two numbers."""
    level = month.ask(WHOLE).claim("service_level")
    if level.figure.value is None:
        return "No live contacts are on record for this month."
    target = month.asker.target("service_level", month.month.last)
    return Sentence.of(
        "Service level is {formula}: {level.figure.parts} = {level.words}; {judged}.",
        level=level,
        formula=text.formula(level.figure.metric),
        judged=text.against_target(level.figure.metric, level.figure.value, target),
    )


def _level_by_day(month: MonthFigures) -> Chart:
    days = month.ask(ACCESS, "day")
    target = month.asker.target("service_level", month.month.last)
    levels = days.grid.values("service_level", month.day_keys)
    met = [text.is_met(value, target) for value in levels if value is not None]
    sentence = "Live contacts and service level, day by day"
    if target and target.goal is not None and met:
        reached = sum(bool(one) for one in met)
        sentence = f"Service level reached its target on {reached} of {text.number_of(len(met), 'day')}"
    offered, level = (days.figure(name) for name in ("contacts_offered", "service_level"))
    return Chart(
        kind="bars_and_line",
        sentence=sentence,
        labels=tuple(text.dimension_value("day", key[0])[4:] for key in month.day_keys),
        series=(
            series(offered.metric.title, days.grid.values("contacts_offered", month.day_keys), offered),
            series(level.metric.title, levels, level),
        ),
        x_title="day of arrival",
        target=target.goal if target else None,
    )


def _waits_by_day(month: MonthFigures) -> Chart:
    names = {"wait_p90": "90th percentile", "average_speed_of_answer": "Speed of answer", "wait_p50": "Median"}
    days = month.ask(ACCESS, "day")
    slow = max(month.day_keys, key=lambda key: days.figure("wait_p90", *key).value or 0)
    worst = days.figure("wait_p90", *slow)
    sentence = "Waits, day by day"
    if worst.value is not None:
        sentence = f"Waits were longest on {text.dimension_value('day', slow[0])}: one in ten {worst.words} or more"
    return days.chart(
        "line", names, sentence, keys=month.day_keys, label=lambda key: text.dimension_value("day", key[0])[4:],
        x_title="day of arrival", axis_title="Wait (min:s)",
    )  # fmt: skip


def _weeks(month: MonthFigures) -> Table:
    columns = month.ask(ACCESS, "week").columns(ACCESS)
    return table(
        "By week", columns, keys=month.week_keys, label=month.week_name, heading="Week", total="All live queues"
    )


def _queues(month: MonthFigures) -> Table:
    def aim(key: Key) -> str:
        target = month.asker.target("service_level", month.month.last, queue=str(key[0]))
        return text.threshold(target) if target else "no target"

    return table(
        "By queue, with its target",
        month.ask(ACCESS, "queue").columns(ACCESS),
        aside=aim,
        heading="Queue",
        total="All live queues",
        note="Every contact is judged by its own queue's target on the day. Medians and percentiles count those who "
        "gave up as having waited at least that long; the speed of answer is that of answered contacts only.",
    )


def _hours(month: MonthFigures) -> Chart:
    keys: list[Key] = [(hour,) for hour in range(24)]
    hours = month.ask(("contacts_offered", "service_level"), "hour", where={"day_type": ["weekday"]})
    target = month.asker.target("service_level", month.month.last)
    offered, level = hours.figure("contacts_offered"), hours.figure("service_level")
    return Chart(
        kind="bars_and_line",
        sentence="Peak and off-peak: the hours of weekdays",
        labels=tuple(text.dimension_value("hour", key[0]) for key in keys),
        series=(
            series("Contacts offered, all weekdays together", hours.grid.values("contacts_offered", keys), offered),
            series(level.metric.title, hours.grid.values("service_level", keys), level),
        ),
        x_title="hour of arrival",
        target=target.goal if target else None,
    )


def _peak(month: MonthFigures) -> list[Table]:
    """By the centre's own peak hours where it set any, and weekdays apart from weekends."""
    found = []
    if not month.asker.centre.table("peak_hour").is_empty():
        peak = month.ask(ACCESS, "peak")
        keys: list[Key] = [(name,) for name in ("peak", "off-peak")]
        columns = peak.columns(ACCESS)
        found.append(table("Peak and off-peak hours apart", columns, keys=keys, heading="Hours", total="All"))
    day_types = month.ask(ACCESS, "day_type").columns(ACCESS)
    days: list[Key] = [(name,) for name in DAY_TYPES]
    names = {**DAY_TYPES}
    found.append(
        table("Weekdays and weekends apart", day_types, keys=days, label=lambda key: names[str(key[0])], heading="Days")
    )
    return found


def _ways_out(month: MonthFigures) -> Table:
    return listing(
        "Every live contact, by what became of it", in_time(month, WAYS_OUT), WAYS_OUT,
        note="A flow-out left the queue for another way to be served; it is neither answered nor abandoned there.",
    )  # fmt: skip


def _emergency(month: MonthFigures) -> tuple[Part, ...]:
    others = month.ask(OTHERS)
    sent = others.claim("transfers_to_911")
    told: tuple[Part, ...] = ()
    if sent.figure.value is not None:
        share = others.claim("transfers_to_911_share")
        told = (
            Sentence.of(
                "{sent.words} of the legs handled were sent on to 911 ({share.words} of {share.n}).",
                sent=sent,
                share=share,
            ),
        )
    return (*told, listing("Transfers, 911 and callbacks", in_time(month, OTHERS), OTHERS))


def _forms(month: MonthFigures) -> Table:
    return listing(
        "The same month by the other published forms of service level",
        in_time(month, FORMS),
        FORMS,
        heading="Form",
        note="Centres and vendors compute service level in different ways. A figure of another city can be compared "
        "only where the form is the same.",
    )
