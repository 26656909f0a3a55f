"""The rows behind a figure: exactly those that were counted, each with its file and line, to read or to take away."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from dashboards.answers import Answers
from dashboards.bar import TITLES, said, shown_period
from dashboards.tables import framed, sorter
from dashboards.view import View
from metrics import Metric, WrongUse, text
from metrics.export import frame_text, write_workbook
from metrics.language import N_, _, n_


@dataclass(frozen=True)
class TakenAway:
    """Rows as a file: its name, its bytes, how many rows, and the view that they are of."""

    name: str
    content: bytes
    rows: int
    view: View


MOST_SHOWN = 500
ALL = 1_000_000
SHOWN: dict[str, tuple[str, pl.Expr]] = {
    "": ("", pl.lit(True)),
    "counted": (N_("those counted"), pl.col("counted") != 0),
    "missed": (N_("those not counted"), pl.col("counted") == 0),
}
# columns that a person does not read, or reads elsewhere on the page
UNREAD = {"contact_id", "case_id", "source_id", "in_base"}
HEADS = {
    "contact_key": N_("Contact"),
    "case_number": N_("Request"),
    "arrived_at": N_("Arrived"),
    "entered_at": N_("Arrived"),
    "completed_at": N_("Completed"),
    "created_at": N_("Created"),
    "happened_at": N_("Happened"),
    "interval_start_at": N_("Day"),
    "due_at": N_("Due"),
    "closed_at": N_("Closed"),
    "source_file": N_("File"),
    "line": N_("Line"),
    "counted": N_("Counted"),
    "request_type": N_("Type"),
    "acw_ms": N_("After-call"),
    "due_outcome": N_("Against the due date"),
    **TITLES,
}
# columns that hold codes, and the codes
CODES = {"outcome", "status", "state", "leg_type", "due_outcome", "standing", "selection", "role", "result", "event"}
CODE_WORDS = (
    N_("answered"), N_("abandoned"), N_("short abandoned"), N_("flow out"), N_("pending"), N_("turned away"),
    N_("transferred"), N_("open"), N_("closed"), N_("reopened"), N_("duplicate"), N_("created"),
    N_("reassigned"), N_("escalated"),
    N_("available"), N_("handling"), N_("acw"), N_("not ready"), N_("queue"), N_("direct"), N_("callback"),
    N_("outbound"), N_("on time"), N_("late"), N_("random"), N_("targeted"),
)  # fmt: skip
WRITTEN: dict[str, Callable[[Any], str]] = {"_ms": lambda one: text.duration(one / 1000), "_at": text.short_moment}


def page(answers: Answers, view: View) -> list[Component]:
    """The rows of the view's figure; raises WrongUse where the address names none."""
    answers = answers.keyed(view.key)
    metric = answers.metric(view.metric or "contacts_offered")
    words, condition = _chosen(view)
    frame = _rows(answers, view, metric).filter(condition)
    shown = frame.head(MOST_SHOWN)
    rows = n_("{n} row", "{n} rows", frame.height).format(n=text.count(frame.height))
    title = f"{metric.title}: {', '.join(filter(None, [rows, _(words)]))}"
    return [
        html.Header([html.H1(title), html.P(f"{_when(answers, view)}. {_whose(answers, view)}.", className="lead")]),
        html.P(_summary(view, metric, frame)),
        _table(answers, view, shown, title),
    ]


def _chosen(view: View) -> tuple[str, pl.Expr]:
    if view.show not in SHOWN:
        raise WrongUse(
            _("{show!r} is not a choice of rows. Expected counted, missed, or nothing for all of them.").format(
                show=view.show
            )
        )
    return SHOWN[view.show]


def _rows(answers: Answers, view: View, metric: Metric) -> pl.DataFrame:
    return answers.rows(metric.name, view.period, view.where(answers, metric.name), limit=ALL)


def _when(answers: Answers, view: View) -> str:
    start = view.interval_start()
    if start is None:
        return shown_period(answers, view)
    local = start.astimezone(answers.centre.timezone)
    return (
        f"{text.heading(text.day(view.day))}, {text.half_open(local, answers.centre.interval_ms // 60_000)} {local:%Z}"
    )


def _whose(answers: Answers, view: View) -> str:
    """To what the rows are narrowed: by the choices of the view, and by what the asker may see."""
    told = said(answers, view)
    if not answers.scope.limits():
        return told
    own = (
        _("your own work")
        if answers.scope.agents is not None
        else _("your team's, and those that nobody is credited with")
    )
    return (
        _("Only {own}").format(own=own)
        if not view.chosen
        else _("{told}, and of these {own}").format(told=told, own=own)
    )


def _summary(view: View, metric: Metric, frame: pl.DataFrame) -> list[Component | str]:
    """How the rows make the figure, the way back to it, and the same rows as files."""
    cut = _("The first {n} are shown.").format(n=MOST_SHOWN) if frame.height > MOST_SHOWN else ""
    return [
        f"{cut} " if cut else "",
        dcc.Link(_("The figure and its definition"), href=view.link("/figure", metric=metric.name, show="")),
        " · ",
        html.A("csv", href=view.link("/contacts.csv", metric=metric.name)),
        " · ",
        html.A("xlsx", href=view.link("/contacts.xlsx", metric=metric.name)),
    ]


def _table(answers: Answers, view: View, frame: pl.DataFrame, caption: str) -> Component:
    columns = [name for name in frame.columns if name not in UNREAD]
    head = html.Tr([html.Th(sorter(head_of(name)), scope="col", className=_kind(name)) for name in columns])
    body = [html.Tr([_cell(answers, view, row, name) for name in columns]) for row in frame.iter_rows(named=True)]
    # all the rows can be taken away above, and not only those that are shown
    return framed(caption, head, body, className="rows", shows_caption=False, files=False)


def head_of(column: str) -> str:
    """What a column is called on the page."""
    if column in HEADS:
        return _(HEADS[column])
    return text.plain_words(re.sub(r"_(ms|at)$", "", column)).capitalize()


def _cell(answers: Answers, view: View, row: dict[str, Any], name: str) -> Component:
    value = row[name]
    if name in ("contact_key", "case_number"):
        number = row.get("contact_id")
        link = dcc.Link(str(value), href=view.link("/contact", contact=str(number))) if number else str(value)
        return html.Th(link, scope="row")
    sorted_by: dict[str, Any] = {}
    if isinstance(value, datetime):
        sorted_by = {"data-value": value.isoformat()}
    elif isinstance(value, int | float) and not isinstance(value, bool):
        sorted_by = {"data-value": value}
    return html.Td(_written(answers, name, value), className=_kind(name), **sorted_by)


def _kind(name: str) -> str:
    return "number" if name.endswith("_ms") or name == "line" else "words"


def _written(answers: Answers, name: str, value: Any) -> str:
    if value is None:
        return _("nobody") if name == "agent" else _(text.NOT_RECORDED)
    if isinstance(value, datetime) or name.endswith("_ms"):
        return WRITTEN[name[-3:]](value)
    if name == "counted":
        return text.count(value) if value not in (0, 1) else (_("yes") if value else _("no"))
    if name == "line":
        return str(value)
    if isinstance(value, float):
        return text.count(value) if value.is_integer() else text.decimal(value)
    # a code of the facts: what became of a contact, what state an agent was in
    return text.plain_words(str(value)) if name in CODES else answers.called(name, value)


def taken_away(answers: Answers, search: str, form: str) -> TakenAway:
    """All rows of an address as csv or xlsx, through the same question as the page."""
    view = View.from_search(search, otherwise=answers.last_day())
    answers = answers.keyed(view.key)
    metric = answers.metric(view.metric or "contacts_offered")
    frame = _rows(answers, view, metric).filter(_chosen(view)[1])
    content = frame_text(frame, "csv").encode("utf-8-sig") if form == "csv" else _workbook(frame)
    return TakenAway(f"{metric.name}-{view.day.isoformat()}.{form}", content, frame.height, view)


def _workbook(frame: pl.DataFrame) -> bytes:
    with tempfile.TemporaryDirectory(prefix="fairline-") as folder:
        path = Path(folder) / "rows.xlsx"
        write_workbook(frame, path)
        return path.read_bytes()
