"""How the centre could be reached in a month: service level, waits, peak and off-peak, ways out, 911."""

from __future__ import annotations

from metrics import Key, text
from metrics.answers import Answer, Sentence, listing, missing_words, table
from metrics.availability import unavailable
from metrics.language import N_, _, n_, p_
from metrics.month.figures import MonthFigures
from metrics.parts import Chart, Part, Section, Table, series

ACCESS = {
    "contacts_offered": N_("Offered"),
    "contacts_answered": N_("Answered"),
    "abandon_rate": N_("Abandon rate"),
    "service_level": N_("Service level"),
    "average_speed_of_answer": N_("Speed of answer"),
    "average_wait": N_("Wait of all"),
    "wait_p50": N_("Median wait"),
    "wait_p90": N_("90th percentile"),
}
# what the month as a whole is asked for at once
WHOLE = {**ACCESS, "contacts_abandoned": N_("Gave up")}
DAY_TYPES = {"weekday": N_("Monday to Friday"), "weekend": N_("Saturday and Sunday")}
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
    if len(absent := unavailable(month.asker.centre, WHOLE)) == len(WHOLE):
        return [Section(_("Access"), tuple(missing_words(month.asker, absent)))]
    return [
        Section(
            _("Access"), (_formula(month), _level_by_day(month), _waits_by_day(month), _weeks(month)), begins_page=True
        ),
        Section(_("Queues, peak and off-peak"), (_queues(month), _hours(month), *_peak(month))),
        Section(_("What became of contacts"), (_ways_out(month), *_emergency(month), _forms(month))),
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
        return _("No live contacts are on record for this month.")
    target = month.asker.target("service_level", month.month.last)
    return Sentence.of(
        _("Service level is {formula}: {level.figure.parts} = {level.words}; {judged}."),
        level=level,
        formula=text.formula(level.figure.metric),
        judged=text.against_target(level.figure.metric, level.figure.value, target),
    )


def _level_by_day(month: MonthFigures) -> Chart:
    days = month.ask(ACCESS, "day")
    target = month.asker.target("service_level", month.month.last)
    levels = days.grid.values("service_level", month.day_keys)
    met = [text.is_met(value, target) for value in levels if value is not None]
    sentence = _("Live contacts and service level, day by day")
    if target and target.goal is not None and met:
        reached = sum(bool(one) for one in met)
        sentence = _("Service level reached its target on {reached} of {days}").format(
            reached=reached, days=text.number_of(len(met), "day")
        )
    offered, level = (days.figure(name) for name in ("contacts_offered", "service_level"))
    return Chart(
        kind="bars_and_line",
        sentence=sentence,
        labels=tuple(text.narrow(key[0]) for key in month.day_keys),
        series=(
            series(offered.metric.title, days.grid.values("contacts_offered", month.day_keys), offered),
            series(level.metric.title, levels, level),
        ),
        x_title=_("day of arrival"),
        target=target.goal if target else None,
    )


def _waits_by_day(month: MonthFigures) -> Chart:
    names = {"wait_p90": _("90th percentile"), "average_speed_of_answer": _("Speed of answer"), "wait_p50": _("Median")}
    days = month.ask(ACCESS, "day")
    slow = max(month.day_keys, key=lambda key: days.figure("wait_p90", *key).value or 0)
    worst = days.figure("wait_p90", *slow)
    sentence = _("Waits, day by day")
    if worst.value is not None:
        sentence = _("Waits were longest on {day}: one in ten {wait} or more").format(
            day=text.dimension_value("day", slow[0]), wait=worst.words
        )
    return days.chart(
        "line", names, sentence, keys=month.day_keys, label=lambda key: text.narrow(key[0]),
        x_title=_("day of arrival"), axis_title=_("Wait (min:s)"),
    )  # fmt: skip


def _weeks(month: MonthFigures) -> Table:
    columns = month.ask(ACCESS, "week").columns(ACCESS)
    return table(
        _("By week"),
        columns,
        keys=month.week_keys,
        label=month.week_name,
        heading=_("Week"),
        total=_("All live queues"),
    )


def _queues(month: MonthFigures) -> Table:
    def aim(key: Key) -> str:
        target = month.asker.target("service_level", month.month.last, queue=str(key[0]))
        return text.threshold(target) if target else _("no target")

    return table(
        _("By queue, with its target"),
        month.ask(ACCESS, "queue").columns(ACCESS),
        aside=aim,
        heading=_("Queue"),
        total=_("All live queues"),
        note=_(
            "Every contact is judged by its own queue's target on the day. Medians and percentiles count those "
            "who gave up as having waited at least that long; the speed of answer is that of answered contacts "
            "only."
        ),
    )


def _hours(month: MonthFigures) -> Chart:
    keys: list[Key] = [(hour,) for hour in range(24)]
    hours = month.ask(("contacts_offered", "service_level"), "hour", where={"day_type": ["weekday"]})
    target = month.asker.target("service_level", month.month.last)
    offered, level = hours.figure("contacts_offered"), hours.figure("service_level")
    return Chart(
        kind="bars_and_line",
        sentence=_("Peak and off-peak: the hours of weekdays"),
        labels=tuple(text.dimension_value("hour", key[0]) for key in keys),
        series=(
            series(_("Contacts offered, all weekdays together"), hours.grid.values("contacts_offered", keys), offered),
            series(level.metric.title, hours.grid.values("service_level", keys), level),
        ),
        x_title=_("hour of arrival"),
        target=target.goal if target else None,
    )


def _peak(month: MonthFigures) -> list[Table]:
    """By the centre's own peak hours where it set any, and weekdays apart from weekends."""
    found = []
    if not month.asker.centre.table("peak_hour").is_empty():
        peak = month.ask(ACCESS, "peak")
        keys: list[Key] = [(name,) for name in ("peak", "off-peak")]
        columns = peak.columns(ACCESS)
        found.append(table(_("Peak and off-peak hours apart"), columns, keys=keys, heading=_("Hours"), total=_("All")))
    day_types = month.ask(ACCESS, "day_type").columns(ACCESS)
    days: list[Key] = [(name,) for name in DAY_TYPES]
    names = {**DAY_TYPES}
    found.append(
        table(
            _("Weekdays and weekends apart"),
            day_types,
            keys=days,
            label=lambda key: _(names[str(key[0])]),
            heading=_("Days"),
        )
    )
    return found


def _ways_out(month: MonthFigures) -> Table:
    return listing(
        _("Every live contact, by what became of it"), in_time(month, WAYS_OUT), WAYS_OUT,
        note=_("A flow-out left the queue for another way to be served; it is neither answered nor abandoned there."),
    )  # fmt: skip


def _emergency(month: MonthFigures) -> tuple[Part, ...]:
    others = month.ask(OTHERS)
    sent = others.claim("transfers_to_911")
    told: tuple[Part, ...] = ()
    if sent.figure.value is not None:
        share = others.claim("transfers_to_911_share")
        told = (
            Sentence.of(
                n_(
                    "{sent.words} of the legs handled was sent on to 911 ({share.words} of {share.n}).",
                    "{sent.words} of the legs handled were sent on to 911 ({share.words} of {share.n}).",
                    sent.figure.n,
                ),
                sent=sent,
                share=share,
            ),
        )
    return (*told, listing(_("Transfers, 911 and callbacks"), in_time(month, OTHERS), OTHERS))


def _forms(month: MonthFigures) -> Table:
    return listing(
        _("The same month by the other published forms of service level"),
        in_time(month, FORMS),
        FORMS,
        heading=p_("of a figure", "Form"),
        note=_(
            "Centres and vendors compute service level in different ways. A figure of another city can be "
            "compared only where the form is the same."
        ),
    )
