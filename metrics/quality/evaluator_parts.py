"""Evaluators on page and paper: strictness by random draws, its change, and the use of "not applicable"."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import polars as pl

from metrics import Asker, text
from metrics.language import _, spoken
from metrics.parts import Number, Part, Row, Section, Table, columns
from metrics.quality.evaluators import Evaluators, drift_words, item_words, na_words
from metrics.quality.listing import likely_points, severity_words, signed_points

MOST_ITEMS = 40


def evaluator_sections(found: Evaluators, ask: Asker) -> list[Section]:
    """Who evaluates, for those who may see it, and the items that often do not apply."""
    of_people = [make(found, ask) for make in (_leniency, _drift, _na) if found.leniency.height]
    sections = [Section(_("Evaluators by their random draws"), (_together(), *of_people))] if of_people else []
    if found.items.height:
        sections.append(Section(_("What did not apply"), (_items(found.items),)))
    return sections


def _together() -> str:
    return _(
        "A word that sets an evaluator apart stands only where the difference survives that all are looked at "
        "together. It is a reason to score some contacts together, never a finding about a person."
    )


def _leniency(found: Evaluators, ask: Asker) -> Part:
    return _by_evaluator(
        _("Strictness on random draws"),
        (_("Points against the others"), _("Likely (95 %)")),
        found.leniency,
        ask,
        severity_words,
        _points,
        _(
            "By a mixed model that holds the agents apart: what an evaluator's scores lie above or below those of the "
            "others for the same people. Above nought is more lenient."
        ),
    )


def _drift(found: Evaluators, ask: Asker) -> Part:
    return _by_evaluator(
        _("Whether strictness changed"),
        (_("Points in 30 days"), _("Likely (95 %)")),
        found.drift,
        ask,
        drift_words,
        _points,
        _("The change of an evaluator's scores over these days, agents taken out. Above nought grew more lenient."),
    )


def _na(found: Evaluators, ask: Asker) -> Part:
    return _by_evaluator(
        _("How often an evaluator says “not applicable”"),
        (_("Not applicable"), _("Likely (95 %)"), _("Others")),
        found.na,
        ask,
        na_words,
        _rates,
        _("Of answers to scored items; the others' rate is on the very items that this evaluator answered."),
        counted=_("Answers"),
    )


def _points(row: dict[str, Any]) -> Iterator[str]:
    yield signed_points(row["effect"])
    yield likely_points(row)


def _rates(row: dict[str, Any]) -> Iterator[str]:
    yield text.share(row["rate"])
    yield _between(row)
    yield text.share(row["expected"])


def _between(row: dict[str, Any]) -> str:
    return _("{low} to {high}").format(low=text.share(row["low"]), high=text.share(row["high"]))


def _by_evaluator(
    caption: str,
    heads: tuple[str, ...],
    frame: pl.DataFrame,
    ask: Asker,
    reading: Callable[[dict[str, Any]], str],
    numbers: Callable[[dict[str, Any]], Iterator[str]],
    note: str,
    counted: str = "",
) -> Table:
    """A table with a line for each evaluator, by name."""
    rows = [
        Row(
            ask.called("agent", row["evaluator"]),
            (reading(row), Number(text.count(row["n"])), *map(Number, numbers(row))),
        )
        for row in frame.iter_rows(named=True)
    ]
    rows.sort(key=lambda row: row.label.casefold())
    titles = columns(_("Reading"), counted or _("Evaluations"), *heads)
    return Table(caption, _("Evaluator"), titles, tuple(rows), note=note)


def _items(frame: pl.DataFrame) -> Table:
    rows = [
        Row(
            spoken(str(row["text"] or row["item"])),
            (item_words(row), Number(text.count(row["n"])), Number(text.share(row["rate"])), Number(_between(row))),
        )
        for row in frame.head(MOST_ITEMS).iter_rows(named=True)
    ]
    note = _(
        "Of contacts drawn at random. An item that seldom applies tells little of anybody; where evaluators use it "
        "differently, talk it over in calibration."
    )
    heads = columns(_("Reading"), _("Answers"), _("Not applicable"), _("Likely (95 %)"))
    return Table(_("How often an item does not apply"), _("Item"), heads, tuple(rows), note=note)
