"""Whom a comparison flags: by shift, site, language duty, tenure and volume, and by groups that are handed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

import numpy as np
import polars as pl
import scipy

from metrics.compare.decision import Outcome
from metrics.compare.judgement import Verdict

# a group whose rate of favourable outcomes is less than this part of the best group's is looked at (29 CFR 1607.4 D)
FOUR_FIFTHS = 0.8
NOT_KNOWN = "not known"
UNJUDGED = (Outcome.too_few, Outcome.refused)
# an agent with this part of the contacts in other languages than the commonest has language duty
LANGUAGE_DUTY = 0.05


@dataclass(frozen=True)
class Line:
    """One group of agents: how many there are, how many were judged, and how many of those were flagged."""

    by: str
    group: str
    agents: int
    judged: int
    worse: int
    better: int


@dataclass(frozen=True)
class Ratio:
    """A handed-in group against the one with the most favourable outcomes; `p` by Fisher's exact test."""

    group: str
    against: str
    ratio: float | None
    p: float
    says: str


def audit(
    verdicts: Sequence[Verdict],
    contacts: pl.DataFrame,
    hired: Mapping[str, date | None],
    on: date,
    groups: Mapping[str, str] | None = None,
) -> tuple[list[Line], list[Ratio]]:
    """Flags by group; agents' shift, site and languages are those of most of their contacts."""
    own = contacts.filter(pl.col("unit").is_null()) if "unit" in contacts.columns else contacts
    volumes = _thirds({one.agent_id: one.n for one in verdicts})
    divisions: dict[str, Mapping[str, str]] = {
        "shift": _commonest(own, "shift"),
        "site": _commonest(own, "site"),
        "language duty": _language_duty(own),
        "tenure": {agent: _tenure(start, on) for agent, start in hired.items()},
        "volume": volumes,
    }
    if groups:
        divisions["group"] = groups
    lines = [line for by, named in divisions.items() for line in _lines(by, named, verdicts)]
    return lines, _ratios([line for line in lines if line.by == "group"])


def as_rows(lines: Sequence[Line | Ratio]) -> list[dict[str, object]]:
    """Plain data, for JSON."""
    return [asdict(line) for line in lines]


def _lines(by: str, named: Mapping[str, str], verdicts: Sequence[Verdict]) -> list[Line]:
    of_group: dict[str, list[Verdict]] = {}
    for one in verdicts:
        of_group.setdefault(named.get(one.agent_id) or NOT_KNOWN, []).append(one)
    return [
        Line(
            by,
            group,
            len(members),
            sum(one.verdict not in UNJUDGED for one in members),
            sum(one.verdict is Outcome.worse for one in members),
            sum(one.verdict is Outcome.better for one in members),
        )
        for group, members in sorted(of_group.items())
    ]


def _commonest(contacts: pl.DataFrame, column: str) -> dict[str, str]:
    counts = contacts.drop_nulls(column).group_by("agent", column).len().sort("agent", "len", column)
    return {agent: str(value) for agent, value in counts.select("agent", column).iter_rows()}


def _language_duty(contacts: pl.DataFrame) -> dict[str, str]:
    """Whether an agent takes contacts in another language than the commonest of all."""
    known = contacts.drop_nulls("language")
    if known.is_empty():
        return {}
    main = known.group_by("language").len().sort("len", "language")["language"][-1]
    shares = known.group_by("agent").agg((pl.col("language") != main).mean().alias("share"))
    return {agent: "yes" if share >= LANGUAGE_DUTY else "no" for agent, share in shares.iter_rows()}


def _tenure(hired: date | None, on: date) -> str:
    if hired is None:
        return NOT_KNOWN
    years = (on - hired).days / 365.25
    return "under 1 year" if years < 1 else "1 to 3 years" if years < 3 else "3 years and more"


def _thirds(counts: Mapping[str, int]) -> dict[str, str]:
    if not counts:
        return {}
    low, high = np.quantile(list(counts.values()), [1 / 3, 2 / 3])
    return {agent: "least" if n <= low else "middle" if n <= high else "most" for agent, n in counts.items()}


def _ratios(lines: Sequence[Line]) -> list[Ratio]:
    """Every group's favourable rate (judged and not flagged as worse) against the highest."""
    judged = [line for line in lines if line.judged]
    if len(judged) < 2:
        return []
    best = max(judged, key=lambda line: ((line.judged - line.worse) / line.judged, line.judged, line.group))
    return [_ratio(line, best) for line in judged if line is not best]


def _ratio(line: Line, best: Line) -> Ratio:
    highest = (best.judged - best.worse) / best.judged
    ratio = (line.judged - line.worse) / line.judged / highest if highest else None
    table = [[line.worse, line.judged - line.worse], [best.worse, best.judged - best.worse]]
    p = float(scipy.stats.fisher_exact(table).pvalue)
    if ratio is None or (ratio < FOUR_FIFTHS and p < 0.05):
        says = "look into it: below four fifths, and chance does not explain it"
    elif ratio < FOUR_FIFTHS:
        says = "below four fifths, which chance explains"
    elif p < 0.05:
        says = "look into it: above four fifths, but chance does not explain the difference"
    else:
        says = "no sign of a difference"
    return Ratio(line.group, best.group, None if ratio is None else round(ratio, 4), round(p, 6), says)
