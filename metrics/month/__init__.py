"""Management's month, as plain data: its cards, its sentences and its sections, for the paper and for the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from metrics import Period, read_ahead, text
from metrics.availability import unavailable
from metrics.cards import card
from metrics.language import N_, _
from metrics.month.access import FORMS, OTHERS, WAYS_OUT, WHOLE, access
from metrics.month.data import data, partial
from metrics.month.days import notable
from metrics.month.demand import demand
from metrics.month.figures import CARDS, MonthFigures
from metrics.month.handling import HANDLING, PLAN, RESOLUTION, RESPONSE, TIME, handling
from metrics.month.people import quality, satisfaction
from metrics.month.requests import BACKLOG, CLOSING, DUE, FLOW, requests
from metrics.month.sentences import summary
from metrics.month.year import year
from metrics.parts import Card, Chart, Section, series
from metrics.reach import SUBJECTS

__all__ = [
    "AT_ONCE",
    "DIMENSIONS",
    "PARTS",
    "MonthFigures",
    "month_cards",
    "partial",
    "read_all",
    "subtitle",
    "summary",
]

# what is said of the whole month; the plan stands alone, since comparing it with what was done takes longest
AT_ONCE = (*CARDS, *WHOLE, *WAYS_OUT, *OTHERS, *FORMS, *HANDLING, *RESOLUTION, *TIME, *FLOW, *DUE, *CLOSING)
# by what its parts are told
DIMENSIONS = ("queue", "channel", "language", "kind", "department", "request_type")
# what else is read for parts of the month, and by what
PARTLY = ((BACKLOG, ("department",)), (BACKLOG, ("week",)), (RESPONSE, ("channel",)), (("occupancy",), ("hour",)))
# the subjects in the order of reading, each by what people call it
PARTS: dict[str, Callable[[MonthFigures], Sequence[Section]]] = {
    N_("The year"): year,
    N_("Demand"): demand,
    N_("Access"): access,
    N_("Handling and staffing"): handling,
    N_("Service requests"): requests,
    N_("Quality"): quality,
    N_("Satisfaction"): satisfaction,
    N_("Notable days"): notable,
    N_("The data"): data,
}


def read_all(month: MonthFigures) -> None:
    """Read the rows that the report asks for, side by side and those first that take longest, and ask what is whole."""
    asked: list[tuple[Iterable[str], tuple[str, ...], Period]] = [(PLAN, (), month.month)]
    if month.is_comparable("contact"):
        asked.append((AT_ONCE, (), month.before))
    asked += [(AT_ONCE, (), month.month), *((names, by, month.month) for names, by in PARTLY)]
    read_ahead(month.asker.centre, *asked, scope=month.asker.scope)
    month.fetch(AT_ONCE)


def subtitle(month: MonthFigures) -> str:
    """Whose month it is, and what of it stands beside the month before."""
    compared = [_(SUBJECTS[subject][0]) for subject in month.now if month.is_comparable(subject)]
    whose = _("{name}, whole centre").format(name=month.asker.centre.name)
    return (
        _("{whose}, {names} compared with {period}").format(
            whose=whose, names=text.listed(compared), period=text.period(month.before)
        )
        if compared
        else whose
    )


def month_cards(month: MonthFigures) -> tuple[Card, ...]:
    """The figures that are looked for first, of those that the centre's data can give."""
    absent = unavailable(month.asker.centre, CARDS)
    return tuple(_card(month, name) for name in CARDS if name not in absent)


def _card(month: MonthFigures, name: str) -> Card:
    figure = month.ask(CARDS).figure(name)
    target = month.asker.target(name, month.month.last)
    days = month.days(name)
    by_day = month.ask(CARDS, "day")
    return card(
        figure,
        before=month.before_of(name),
        compared_with=_("in {period}").format(period=text.period(month.before)),
        target=target,
        course=Chart(
            kind="sparkline",
            sentence=_("{title}, day by day").format(title=figure.metric.title),
            labels=tuple(text.narrow_day(day) for day in days),
            series=(series(figure.metric.title, by_day.grid.values(name, [(day,) for day in days]), figure),),
            target=target.goal if target else None,
        ),
    )
