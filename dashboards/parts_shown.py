"""Parts of papers on a page: the same sentences, tables and charts, their figures opening as all figures do."""

from __future__ import annotations

import html as escaping
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.aria import aria
from dashboards.cards import MARKS, picture
from dashboards.tables import Cell, Row, table
from dashboards.view import BAR, LINKED, View
from metrics import Figure, Key, Period
from metrics.drawing import draw
from metrics.parts import Card, Chart, Heat, Part, Picture, Question, Ranges, Section, Strip, Table
from metrics.parts import Row as PaperRow

DIMENSIONS = {*BAR, *LINKED} - {"agent", "interval"}
# a dimension of time: by which span a view shows one of its values
TIMES = {"day": "day", "week": "week", "month": "month"}
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
STRIP_WIDTH, STRIP_HEIGHT = 340, 120


def section(one: Section, view: View) -> Component:
    """A section with its heading."""
    parts = [html.H2(one.title), *(shown(part, view) for part in one.parts)]
    return html.Section(parts, className="parts")


def shown(part: Part, view: View) -> Component:
    """A part of a paper by what it is."""
    if isinstance(part, str):
        return html.P(str(part), className="sentence")
    if isinstance(part, Table):
        return shown_table(part, view)
    if isinstance(part, Strip):
        small = [chart(one, width=STRIP_WIDTH, height=STRIP_HEIGHT) for one in part.charts]
        return html.Div(small, className="side-by-side charts")
    return chart(part)


def chart(part: Chart | Ranges | Heat | Picture, *, width: float = 720, height: float = 200) -> Component:
    """A chart with its sentence; what it shows stands in its alternative text, and in a table of the same section."""
    drawn = str(draw(part, width, height))
    said = TITLE.search(drawn)
    words = escaping.unescape(said[1]).strip() if said else part.sentence
    image = picture(drawn, words, className="wide-chart" if width > STRIP_WIDTH else "small-chart")
    framed = html.Div(image, className="scrolled", role="region", tabIndex="0", **aria(label=part.sentence))
    return html.Figure([html.Figcaption(html.H3(part.sentence)), framed if width > STRIP_WIDTH else image])


def shown_table(part: Table, view: View) -> Component:
    """A table whose figures open where a view can show what they were asked for."""
    rows = [_row(row, part, view) for row in part.rows]
    total = _row(part.total, part, view) if part.total else None
    return table(part.caption, part.heading, list(map(str, part.columns)), rows, total=total, note=part.note)


def _row(row: PaperRow, part: Table, view: View) -> Row:
    cells = tuple(
        Cell(cell, opens(view, column.question, row, part.by)) if isinstance(cell, Figure) else str(cell)
        for cell, column in zip(row.cells, part.columns, strict=True)
    )
    return Row(row.label, cells, aside=row.aside)


def opens(view: View, question: Question | None, row: PaperRow, by: str = "") -> str:
    """The address of a figure of a table that is parted by a dimension; empty where no view shows what was asked."""
    metric = row.metric or (question.metric if question else "")
    if question is None or not metric:
        return ""
    found = during(view.only(()), question.during)
    chosen: Mapping[str, Any] = dict(question.where)
    if found is None or any(name not in DIMENSIONS or len(values) != 1 for name, values in chosen.items()):
        return ""
    found = found.narrowed(**{name: str(values[0]) for name, values in chosen.items()})
    placed = _at_key(found, question.by or by, row.key) if row.key else found
    return placed.link("/figure", metric=metric, show="") if placed is not None else ""


def _at_key(view: View, by: str, key: Key) -> View | None:
    value = key[0]
    if by in TIMES:
        return view if value is None else during(view, Period.day(value), TIMES[by])  # type: ignore[arg-type]
    if by in DIMENSIONS and value is not None:
        return view.narrowed(**{by: str(value)})
    return None


def during(view: View, asked: Period, span: str = "") -> View | None:
    """The view that shows a period, where there is one."""
    if span:
        return replace(view, day=asked.first, span=span)
    if asked == Period.month(asked.first.year, asked.first.month):
        return replace(view, day=asked.last, span="month")
    return replace(view, day=asked.last, span="dates", since=asked.first)


def shown_card(one: Card, href: str) -> Component:
    """The card of a paper, all of it a link to the figure."""
    kind = "muted" if one.met is None else ("good" if one.met else "attention")
    mark = [] if one.met is None else [html.Span(f"{MARKS[one.met]} ", **aria(hidden="true"))]
    drawn = str(draw(one.course, 220, 32))
    said = TITLE.search(drawn)
    return html.Li(
        [
            html.H2(dcc.Link(one.figure.metric.title, href=href), className="card-title"),
            html.P(one.figure.words, className="value"),
            html.P(html.Span([*mark, one.target], className=kind)),
            html.P(one.note) if one.note else None,
            html.P(" · ".join(filter(None, [one.basis, one.change])), className="muted"),
            picture(drawn, escaping.unescape(said[1]).strip() if said else "", className="sparkline"),
        ],
        className="card",
    )
