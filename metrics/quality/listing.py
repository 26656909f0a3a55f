"""Calibration in words, as a terminal shows it; pages use the same words."""

from __future__ import annotations

import polars as pl

from metrics import text
from metrics.language import _
from metrics.quality.agreement import Estimate
from metrics.quality.calibration import Calibration
from metrics.terminal import aligned

NO_DATA = "no data"
FALSE_DISCOVERIES = 0.05


def calibration_text(found: Calibration, width: int | None = None) -> str:
    """Agreement by form and by item, then each evaluator: what a quality lead reads before the next session."""
    parts = [f"Calibration {found.name}", "", _forms(found, width), "", _items(found, width)]
    if found.leniency.height:
        parts += ["", _leniency(found.leniency, width)]
    if found.na.height:
        parts += ["", _na(found.na, width)]
    return "\n".join(parts)


def sessions_text(frame: pl.DataFrame) -> str:
    """The sessions that there are."""
    if frame.is_empty():
        return "No calibration evaluation was loaded yet: load evaluations whose type is calibration."
    cells = [
        [row["session"], *(text.count(row[name]) for name in COUNTS), f"{row['first_on']}", f"{row['last_on']}"]
        for row in frame.iter_rows(named=True)
    ]
    return aligned(
        ["session", *COUNTS, "first day", "last day"], cells, [False, True, True, True, False, False]
    ).rstrip()


COUNTS = ("contacts", "evaluators", "evaluations")


def _forms(found: Calibration, width: int | None) -> str:
    cells = [
        [
            one.form,
            text.count(one.contacts),
            text.count(one.evaluators),
            text.share(one.within_ten),
            _(NO_DATA) if one.gap is None else f"{100 * one.gap:.1f}",
            _with_interval(one.icc),
            _with_interval(one.alpha),
            one.reading,
        ]
        for one in found.forms
    ]
    head = ["form", "contacts", "evaluators", "within 10", "mean gap", "ICC (95 %)", "alpha (95 %)", "score"]
    return aligned(head, cells, [False, True, True, True, True, False, False, False], width).rstrip()


def _items(found: Calibration, width: int | None) -> str:
    cells = [
        [
            one.item,
            text.count(one.contacts),
            text.share(one.exact),
            text.share(one.failed_share),
            _with_interval(one.alpha),
            _with_interval(one.gwet),
            coefficient(one.kappa),
            one.reading,
        ]
        for one in found.items
    ]
    head = ["item", "contacts", "alike", "failed", "alpha (95 %)", "AC1 or AC2 (95 %)", "kappa", "reading"]
    return aligned(head, cells, [False, True, True, True, False, False, True, False], width).rstrip()


def _leniency(frame: pl.DataFrame, width: int | None) -> str:
    cells = [
        [row["evaluator"], text.count(row["n"]), signed_points(row["effect"]), likely_points(row), severity_words(row)]
        for row in frame.iter_rows(named=True)
    ]
    head = ["evaluator", "contacts", "points against the others", "95 %", "reading"]
    return aligned(head, cells, [False, True, True, False, False], width).rstrip()


def _na(frame: pl.DataFrame, width: int | None) -> str:
    cells = [
        [
            row["evaluator"],
            text.count(row["n"]),
            text.share(row["rate"]),
            text.share(row["expected"]),
            "says it at another rate than the others" if row["q"] <= FALSE_DISCOVERIES else "as the others",
        ]
        for row in frame.iter_rows(named=True)
    ]
    head = ["evaluator", "answers", "not applicable", "others, same items", "reading"]
    return aligned(head, cells, [False, True, True, True, False], width).rstrip()


def severity_words(row: dict[str, float | None]) -> str:
    """Whether an evaluator is strict or lenient by a row of `leniency`, where that can be told from chance."""
    effect, q = row["effect"], row["q"]
    if effect is None or q is None:
        return _("too few to tell")
    if q > FALSE_DISCOVERIES:
        return _("as the others, as far as can be told")
    return _("lenient") if effect > 0 else _("strict")


def coefficient(value: float | None) -> str:
    """A coefficient of agreement."""
    return _(NO_DATA) if value is None else text.digits(value, 2)


def _with_interval(estimate: Estimate) -> str:
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return coefficient(estimate.value)
    return f"{estimate.value:.2f} ({estimate.low:.2f} to {estimate.high:.2f})"


def signed_points(value: float | None) -> str:
    """A difference of scores (shares of 1) in points, with its sign."""
    return _(NO_DATA) if value is None else text.digits(100 * value, 1, sign=True)


def likely_points(row: dict[str, float | None]) -> str:
    """The interval of such a difference, of a row with `low` and `high`."""
    if row["low"] is None:
        return _(NO_DATA)
    return _("{low} to {high}").format(low=signed_points(row["low"]), high=signed_points(row["high"]))
