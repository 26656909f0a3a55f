"""The state of the data behind a month: sources, what is missing, what is in doubt."""

from __future__ import annotations

import metrics
from metrics import Centre, text
from reports.month_figures import MonthFigures
from reports.parts import Number, Row, Table


def sources(centre: Centre) -> Table:
    """How far each source reaches, and what was taken of it."""
    return Table(
        caption="Sources",
        heading="Source",
        columns=("Data to", "Loaded last", "Rows taken", "Rows in quarantine"),
        rows=tuple(
            Row(
                one.source,
                (
                    text.short_moment(one.data_to) if one.data_to else "undated",
                    text.short_moment(one.loaded_at),
                    Number(text.count(one.good)),
                    Number(text.count(one.quarantined)),
                ),
            )
            for one in metrics.freshness(centre)
        ),
    )


def partial(month: MonthFigures) -> tuple[str, ...]:
    """What a reader must know before the first figure: of which days it is, and what is compared with nothing."""
    before = text.period(month.before)
    found = []
    for subject, now in month.now.items():
        if now.reached and not now.is_whole:
            found.append(f"Not the whole month, and so not compared with {before}: {_lower(now.words)}")
        elif now.reached and not month.is_comparable(subject):
            found.append(f"Not compared with {before}: {_lower(month.then[subject].words)}")
    return tuple(found)


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def quality_of_data(month: MonthFigures) -> tuple[str, ...]:
    """What is in doubt."""
    centre = month.asker.centre
    found = [
        f"{text.number_of(frame.height, f'{kind} name')} of the data {'is' if frame.height == 1 else 'are'} not in the "
        "centre's settings: see fairline check."
        for kind, frame in metrics.unmapped(centre).items()
        if frame.height
    ]
    days = month.now["contact"].days
    silent = [text.short_day(day) for day in days if not month.by_day.figure("contacts_offered", day).n]
    if 0 < len(silent) < len(days):
        found.append(f"No contacts at all are on record for {text.listed(silent)}.")
    if metrics.data_span(centre) is None:
        found.append("There is no data at all.")
    return tuple(found)
