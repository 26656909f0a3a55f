"""What the desk's pages are made of: the way between them, and forms that do a deed and say why one was refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.aria import aria
from dashboards.desk.rights import Desk
from dashboards.desk.store import Row
from metrics import text
from metrics.language import N_, _, n_

PAGES = {
    "/desk": N_("Work list"),
    "/decisions": N_("Decisions"),
    "/calibration": N_("Calibration"),
    "/coaching": N_("Coaching"),
}
STATES = {
    "draft": N_("draft"),
    "submitted": N_("submitted, waits for release"),
    "released": N_("released"),
    "acknowledged": N_("acknowledged"),
}
DATE: Any = "date"


def heading(desk: Desk, here: str, title: str, lead: str) -> Component:
    """The page's title, its answer in a sentence, and the way to the other pages of the desk."""
    links = [
        html.Li(
            dcc.Link(_(name), href=path, className="here" if path == here else ""),
            **(aria(current="page") if path == here else {}),
        )
        for path, name in PAGES.items()
        if path in desk.viewer.may.pages
    ]
    nav = html.Nav(html.Ul(links), className="desk-pages", **aria(label=_("Desk")))
    return html.Header([html.H1(title), html.P(lead, className="lead"), nav if links else None])


def deed(
    name: str,
    button: str,
    *fields: Component | None,
    about: str = "",
    quiet: bool = False,
    **sent: str | int,
) -> Component:
    """A form that does a deed; what is refused stands beneath its button, and nothing that was typed is lost.

    `about` tells apart buttons that read alike, for those who hear them.
    """
    hidden = [(key, str(value)) for key, value in sent.items()]
    label = aria(label=f"{button}: {about}") if about else {}
    return html.Form(
        [
            *(dcc.Input(type="hidden", name=key, value=value) for key, value in hidden),
            *(field for field in fields if field is not None),
            html.Button(button, type="submit", className="quiet" if quiet else "", **label),
            html.P(className="attention refusal", role="alert"),
        ],
        action=f"/desk/{name}",
        method="post",
        className="deed",
        # another state of the page is another form
        key=f"{name} {sorted(sent.items())}",
    )


def words_field(label: str, name: str, *, hint: str = "", rows: int = 3, value: str = "") -> Component:
    """A field for a sentence or two."""
    area = dcc.Textarea(name=name, rows=rows, value=value, className="words-field")
    return html.Label([label, html.Small(hint) if hint else None, area], className="field")


def field(label: str, name: str, kind: Any, value: str = "", **more: Any) -> Component:
    """A field for a day, a number or a word."""
    return html.Label([label, dcc.Input(type=kind, name=name, value=value, **more)], className="field")


def number_field(label: str, name: str, value: str = "") -> Component:
    """A field for a number: typed, since nobody steps to it."""
    return field(label, name, "text", value, inputMode="numeric", autoComplete="off")


def choice(label: str, name: str, options: dict[str, str], chosen: str = "") -> Component:
    """A field with a list to choose from: what is sent, and what it is called."""
    listed = [html.Option(words, value=value, selected=value == chosen) for value, words in options.items()]
    return html.Label([label, html.Select(listed, name=name)], className="field")


def grid(caption: str, heads: list[str], rows: list[list[Any]], *, empty: str) -> Component:
    """A table whose cells may hold links and forms, or a sentence in its place."""
    if not rows:
        return html.Section([html.H2(caption), html.P(empty, className="muted")])
    head = html.Thead(
        html.Tr([html.Th(name or html.Span(_("Action"), className="unseen"), scope="col") for name in heads])
    )
    body = [html.Tr([html.Th(row[0], scope="row"), *(html.Td(cell) for cell in row[1:])]) for row in rows]
    table = html.Table([html.Caption(caption), head, html.Tbody(body)], className="desk-table")
    return html.Div(table, className="scrolled", role="region", tabIndex="0", **aria(label=caption))


def evaluation_link(row: Row, words: str = "") -> Component:
    """Where an evaluation opens."""
    return dcc.Link(words or row["contact_key"], href=f"/evaluation?evaluation={row['evaluation_id']}")


def when(desk: Desk, instant: datetime | None) -> str:
    """An instant of the store, in the centre's time."""
    return "" if instant is None else text.short_moment(desk.local(instant))


def until(desk: Desk, instant: datetime) -> Component:
    """A deadline, and in words whether it has passed."""
    days = (desk.local(instant).date() - desk.today()).days
    told = text.short_moment(desk.local(instant))
    if instant.replace(tzinfo=UTC) < desk.at:
        return html.Span(
            [told, html.Strong(days_late(-days) if days else _("▲ late today"))],
            className="attention",
        )
    return html.Span([told, html.Small(days_left(days))])


def days_late(days: int) -> str:
    """That a deadline has passed, marked."""
    return n_("▲ {n} day late", "▲ {n} days late", days).format(n=text.count(days))


def days_left(days: int) -> str:
    """How soon a deadline comes."""
    return n_("in {n} day", "in {n} days", days).format(n=text.count(days)) if days else _("today")


def left(desk: Desk, instant: datetime) -> str:
    """A deadline as part of a sentence."""
    days = (desk.local(instant).date() - desk.today()).days
    late = instant.replace(tzinfo=UTC) < desk.at
    soon = _("late") if late else days_left(days)
    return f"{when(desk, instant)} ({soon})"


def points(share: float | None) -> str:
    """A score of 100."""
    return _(text.NO_DATA) if share is None else _("{points} of 100").format(points=text.count(100 * share))


def scores(row: Row) -> str:
    """An evaluation's score, and the one before auto-fails where they differ."""
    raw, final = row["raw_score"], row["final_score"]
    if raw is None or final is None:
        return _("no score: nothing applied")
    if raw == final:
        return points(final)
    return _("{score} ({before} before auto-fails)").format(score=points(final), before=text.count(100 * raw))
