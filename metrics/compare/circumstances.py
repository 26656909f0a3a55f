"""From compared contacts to the model's design: levels as codes, small cells pooled, and what cannot be told apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
import scipy
from numpy.typing import NDArray

from metrics.compare.model import Codes, Design, Floats
from metrics.compare.rules import Rule, columns_of

# a cell with fewer agents than these says little: it is pooled with the others of its week, then of the whole period
FEWEST_AGENTS_IN_A_CELL = 3
MOST_LEVELS = 400


@dataclass(frozen=True)
class Contacts:
    """Compared contacts ready for the model: the agents by name and, per contact, the value and the circumstances.

    `evaluator` is given where someone judged the contact; `terms` are the adjusters in the order of the factors, the
    last one being the cells.
    """

    agents: tuple[str, ...]
    y: Floats
    design: Design
    terms: tuple[str, ...]
    evaluator: Codes | None


def contacts(rule: Rule, frame: pl.DataFrame) -> Contacts:
    """The contacts of a frame with `agent`, `day`, `value` and the adjusters' columns; `unit` links what is no agent's.

    Rows whose `unit` is set (calibration reviews) belong to no agent; they tell evaluators apart.
    """
    if "unit" not in frame.columns:
        frame = frame.with_columns(unit=pl.lit(None, pl.String))
    agents = tuple(sorted(frame.filter(pl.col("unit").is_null())["agent"].unique()))
    unit = _units(frame, agents)
    others = tuple(term for term in rule.adjusters if term != rule.cell)
    cells = _pooled(_codes(frame, columns_of(rule.cell)), frame, columns_of(rule.cell), unit)
    factors = tuple(_grouped(_codes(frame, columns_of(term))) for term in others)
    cluster = _dense(
        unit * (int(frame["day"].to_physical().to_numpy().max(initial=0)) + 1) + frame["day"].to_physical().to_numpy()
    )
    design = Design(unit, len(agents), cells, factors, cluster)
    evaluator = _codes(frame, ("evaluator",)) if "evaluator" in rule.columns else None
    y = frame["value"].to_numpy().astype(np.float64)
    return Contacts(agents, y, design, (*others, rule.cell), evaluator)


def _units(frame: pl.DataFrame, agents: Sequence[str]) -> Codes:
    """Agents by their place in the alphabet, then the linking units."""
    links = sorted(frame["unit"].drop_nulls().unique())
    order = {name: place for place, name in enumerate(agents)}
    own = frame["agent"].replace_strict(order, default=0, return_dtype=pl.Int64).to_numpy()
    linking = {name: len(agents) + place for place, name in enumerate(links)}
    if not linking:
        return np.asarray(own, dtype=np.int64)
    other = frame["unit"].replace_strict(linking, default=-1, return_dtype=pl.Int64).to_numpy()
    return np.where(other >= 0, other, own).astype(np.int64)


def _codes(frame: pl.DataFrame, columns: Sequence[str]) -> Codes:
    """Combinations of columns numbered in their order; a missing value is a level of its own."""
    codes = np.zeros(frame.height, dtype=np.int64)
    for column in columns:
        values = _levels(frame[column])
        codes = _dense(codes * (int(values.max(initial=0)) + 1) + values)
    return codes


def _levels(column: pl.Series) -> Codes:
    """A column's values numbered in their order, 0 for a missing one."""
    values = column.drop_nulls().unique().sort()
    if column.dtype == pl.String:
        physical = column.cast(pl.Enum(values)).to_physical()
    else:
        numbers = column.to_physical().cast(pl.Int64)
        physical = numbers - (numbers.min() or 0)
    return (physical.cast(pl.Int64) + 1).fill_null(0).to_numpy().astype(np.int64)


def _dense(codes: Codes) -> Codes:
    """Codes renumbered without gaps."""
    highest = int(codes.max(initial=0))
    if highest > 20 * len(codes) + 1_000_000:
        return np.unique(codes, return_inverse=True)[1].astype(np.int64)
    seen = np.bincount(codes, minlength=highest + 1) > 0
    return (np.cumsum(seen) - 1)[codes]


def _grouped(codes: Codes) -> Codes:
    """A factor with at most so many levels; the rarest of more share one."""
    counts = np.bincount(codes)
    if len(counts) <= MOST_LEVELS:
        return codes
    kept = np.argsort(-counts, kind="stable")[: MOST_LEVELS - 1]
    places = np.full(len(counts), MOST_LEVELS - 1, dtype=np.int64)
    places[kept] = np.arange(len(kept))
    return _dense(places[codes])


def _pooled(cells: Codes, frame: pl.DataFrame, columns: Sequence[str], unit: Codes) -> Codes:
    """Cells of few agents joined with those of the same week, and where they are still few, of the whole period."""
    if "day" not in columns:
        return cells
    rest = _codes(frame, [column for column in columns if column != "day"])
    week = frame["day"].dt.truncate("1w").rank("dense").cast(pl.Int64).to_numpy()
    by_week = _dense(rest * (int(week.max(initial=0)) + 1) + week)
    found = cells
    offset = int(cells.max(initial=0)) + 1
    for coarser in (by_week, rest):
        few = agents_in(found, unit)[found] < FEWEST_AGENTS_IN_A_CELL
        found = _dense(np.where(few, offset + coarser, found))
        offset = int(found.max(initial=0)) + 1
    return found


def agents_in(cells: Codes, unit: Codes) -> Codes:
    """How many different units each cell has."""
    units = int(unit.max(initial=0)) + 1
    pairs = _distinct(cells * units + unit)
    return np.bincount(pairs // units, minlength=int(cells.max(initial=0)) + 1).astype(np.int64)


def _distinct(codes: Codes) -> Codes:
    """Every code once, in order."""
    if int(codes.max(initial=0)) > 20 * len(codes) + 1_000_000:
        return np.unique(codes)
    return np.flatnonzero(np.bincount(codes))


def linked(contacts: Contacts) -> NDArray[np.bool_]:
    """Which agents' reviews can be told apart from their evaluators: those of the largest linked group.

    Agents and evaluators are linked where one reviewed the other, or through contacts that several reviewed. Without a
    group of more than half of the agents nobody can be compared with "the others", and nobody is.
    """
    design = contacts.design
    if contacts.evaluator is None:
        return np.ones(design.agents, dtype=bool)
    units, evaluators = design.units, int(contacts.evaluator.max(initial=0)) + 1
    size = units + evaluators
    edges = scipy.sparse.coo_array(
        (np.ones(len(contacts.y)), (design.unit, units + contacts.evaluator)), shape=(size, size)
    )
    _, group = scipy.sparse.csgraph.connected_components(edges, directed=False)
    own = group[: design.agents]
    sizes = np.bincount(own, minlength=int(group.max()) + 1)
    largest = int(sizes.argmax())
    if 2 * int(sizes[largest]) <= design.agents:
        return np.zeros(design.agents, dtype=bool)
    return np.asarray(own == largest)


def severity_error(contacts: Contacts, sigma2: float) -> Floats:
    """What not knowing the evaluators' severity adds to each agent's standard error against the others.

    Agents and evaluators both fixed, ordinary least squares; large where few reviews cross from one team to another.
    """
    design = contacts.design
    if contacts.evaluator is None:
        return np.zeros(design.agents)
    evaluators = int(contacts.evaluator.max(initial=0)) + 1
    table = np.bincount(design.unit * evaluators + contacts.evaluator, minlength=design.units * evaluators)
    counts = table.reshape(design.units, evaluators).astype(float)
    information = np.diag(counts.sum(axis=1)) - (counts / np.maximum(counts.sum(axis=0), 1)) @ counts.T
    inverse = np.linalg.pinv(information, rcond=1e-10, hermitian=True)[: design.agents, : design.agents]
    centred = inverse - inverse.mean(axis=0) - inverse.mean(axis=1)[:, None] + inverse.mean()
    own = 1 / np.maximum(counts.sum(axis=1)[: design.agents], 1)
    return np.asarray(np.sqrt(np.maximum(np.diag(centred) - own, 0) * sigma2))


def alone_in(contacts: Contacts, agent: int) -> str:
    """The adjuster whose levels an agent shares least with colleagues, where most of the contacts are unshared."""
    design = contacts.design
    own = design.unit == agent
    shares = {}
    for term, codes in zip(contacts.terms, (*design.factors, design.cells), strict=True):
        lonely = agents_in(codes, design.unit) < 2
        shares[term] = float(lonely[codes[own]].mean()) if own.any() else 0.0
    term = max(shares, key=lambda name: shares[name])
    return term if shares[term] > 0.5 else ""
