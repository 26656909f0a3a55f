"""The month in sentences; each number in them is one that the report's tables hold."""

from __future__ import annotations

from metrics import Figure, Key, difference, text
from reports.month_figures import FEWEST, MonthFigures


def summary(month: MonthFigures) -> tuple[str, ...]:
    """What management should know, demand first."""
    if month.figures["contacts_received"].value is None and month.figures["requests_created"].value is None:
        return (f"No contacts and no service requests are on record for {text.period(month.month)}.",)
    told = (_demand(month), _access(month), _waits(month), _hours(month), _requests(month), _days(month))
    return tuple(sentence for sentence in told if sentence)


def _changed(month: MonthFigures, name: str) -> str:
    """The change against the month before, where there is one."""
    moved = difference(month.figures[name], month.before_of(name))
    if moved is None:
        return ""
    return f"; {text.change(month.figures[name].metric, moved)} against {text.period(month.before)}"


def _judged(month: MonthFigures, figure: Figure) -> str:
    target = month.asker.target(figure.metric.name, month.month.last)
    return text.against_target(figure.metric, figure.value, target)


def _demand(month: MonthFigures) -> str:
    received = month.figures["contacts_received"]
    if received.value is None:
        return "No contacts are on record for this month."
    return f"{text.number_of(received.n, 'contact')} came in{_changed(month, 'contacts_received')}."


def _access(month: MonthFigures) -> str:
    offered, answered = month.figures["contacts_offered"], month.figures["contacts_answered"]
    level, abandon = month.figures["service_level"], month.figures["abandon_rate"]
    if offered.value is None:
        return ""
    return (
        f"{answered.words} of {offered.words} live contacts were answered and {abandon.words} gave up "
        f"({abandon.basis}); service level was {level.words} ({level.basis}); {_judged(month, level)}"
        f"{_changed(month, 'service_level')}."
    )


def _waits(month: MonthFigures) -> str:
    answer, half, tenth = (month.figures[name] for name in ("average_speed_of_answer", "wait_p50", "wait_p90"))
    if answer.value is None or half.value is None or tenth.value is None:
        return ""
    return (
        f"Half of all callers waited {half.words} or less and one in ten {tenth.words} or more; those who were "
        f"answered waited {answer.words} on average."
    )


def _hours(month: MonthFigures) -> str:
    grid = month.by_hour
    known = [key for key in grid.keys if key[0] is not None and grid.figure("contacts_offered", *key).n]
    judged = [key for key in known if grid.figure("service_level", *key).n >= FEWEST]
    if not judged:
        return ""

    def level(key: Key) -> tuple[float, str]:
        return grid.figure("service_level", *key).value or 0.0, str(key[0])

    busiest = max(known, key=lambda key: grid.figure("contacts_offered", *key).n)
    worst = min(judged, key=level)
    return (
        f"On weekdays most contacts came from {_hour(busiest)} ({grid.figure('contacts_offered', *busiest).words}); "
        f"service level was lowest from {_hour(worst)} ({grid.figure('service_level', *worst).words} of "
        f"{text.count(grid.figure('service_level', *worst).n)})."
    )


def _hour(key: Key) -> str:
    start = int(str(key[0]))
    return f"{start:02}:00 to {start + 1:02}:00"


def _requests(month: MonthFigures) -> str:
    created, closed, standing = (
        month.figures[name] for name in ("requests_created", "requests_closed", "requests_net_closed")
    )
    on_time = month.figures["on_time_closure_rate"]
    if created.value is None:
        return "No service requests are on record for this month."
    return (
        f"Departments received {created.words} service requests and closed {closed.words}, of which {standing.words} "
        f"are still closed; {on_time.words} of those that fell due were closed on time ({on_time.basis}); "
        f"{_judged(month, on_time)}."
    )


def _days(month: MonthFigures) -> str:
    if not month.notable:
        return ""
    named = [f"{text.short_day(one.day)} ({text.count(one.value)})" for one in month.notable[:4]]
    more = f" and {len(month.notable) - 4} more" if len(month.notable) > 4 else ""
    verb = "day stands" if len(month.notable) == 1 else "days stand"
    return f"{len(month.notable)} {verb} out for contacts offered: {text.listed(named)}{more}."
