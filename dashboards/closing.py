"""What stands beside on-time closing: how long requests take with open ones censored, and what on-time alone hides."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.answers import Answers
from dashboards.cards import picture
from dashboards.tables import Cell, Row, listing, table
from dashboards.view import View
from metrics import charts, text
from metrics.charts import Series
from metrics.curve import Curve, curve, on_grid
from metrics.language import N_, _

# whose rows the curve is of
TIMED = "time_to_close_p50"
WITHIN_DAYS = (1, 3, 7, 14, 30, 60)
BESIDE = {
    "early_closure_share": N_("Closed early or administratively"),
    "reopen_rate": N_("Re-opened after closing"),
    "duplicate_rate": N_("Duplicates"),
    "promise_kept_rate": N_("Promise kept"),
    "open_backlog": N_("Open at the end"),
    "overdue_backlog": N_("Of these past their date"),
    "backlog_age_p50": N_("Age of half of them"),
    "backlog_age_p90": N_("Age of nine in ten"),
}


class Share:
    """What the curve is of."""

    unit = "share"


def beside(answers: Answers, view: View) -> list[Component]:
    """The curve of closing, and by department what on-time closing alone would hide."""
    return [_curve(answers, view), _table(answers, view)]


def _curve(answers: Answers, view: View) -> Component:
    where = view.where(answers, TIMED)
    ask = lambda: curve(answers, TIMED, view.period, where)  # noqa: E731
    found = answers.kept(("closing curve", view.period, str(where)), ask, has_words=False)
    title = html.H2(_said(found))
    if not found.times:
        return html.Section([title])
    times, shares = on_grid(found)
    labels = [f"{time:.1f}".removesuffix(".0") for time in times]
    sentence = _("Share of requests closed within so many days")
    svg = charts.line(
        sentence,
        labels,
        [Series(_("Closed"), shares, Share())],
        x_title=_("days after opening"),
        width=1180,
        height=220,
    )
    rows = [
        [text.number_of(days, "day"), text.share(found.at(days)), text.count(round(found.n * (1 - found.at(days))))]
        for days in WITHIN_DAYS
    ]
    heads = [_("Within"), _("Closed"), _("About so many not")]
    note = _(
        "{n} requests opened in these days; {open} of them are open, and count as taking at least until now: leaving "
        "them out would make closing look quicker than it is."
    ).format(n=text.count(found.n), open=text.count(found.open))
    return html.Section(
        [
            html.Figure(
                [
                    html.Figcaption(title),
                    picture(str(svg), f"{sentence}. {_said(found)}.", className="small-chart"),
                    html.Details([html.Summary(_("Show as a table")), listing(sentence, heads, rows, numbers=2)]),
                ]
            ),
            html.P(note, className="muted note"),
            html.P(dcc.Link(_("The requests behind the curve"), href=view.link("/contacts", metric=TIMED))),
        ]
    )


def _said(found: Curve) -> str:
    """The sentence above the curve."""
    if not found.n:
        return _("No request was opened in these days")
    half, most = found.reaches(0.5), found.reaches(0.9)
    if half is None:
        return _("Fewer than half of the requests of these days were closed so far")
    if most is None:
        return _("Half of the requests are closed within {half}; nine in ten are not closed yet").format(
            half=text.days(half)
        )
    return _("Half of the requests are closed within {half}, nine in ten within {most}").format(
        half=text.days(half), most=text.days(most)
    )


def _table(answers: Answers, view: View) -> Component:
    """By department, what stands beside on-time closing."""
    names = tuple(BESIDE)
    where = view.where(answers, "requests_created")
    grid = answers.by(names, ["department"], view.period, where)
    total = answers.total(names, view.period, where)
    absent = [name for name, figure in total.items() if figure.reason]
    shown = [name for name in names if name not in absent]
    rows = [
        Row(
            answers.called("department", key[0]),
            tuple(
                Cell(
                    grid.figure(name, *key),
                    (view.narrowed(department=str(key[0])) if key[0] is not None else view).link(
                        "/figure", metric=name
                    ),
                )
                for name in shown
            ),
        )
        for key in grid.keys
    ]
    everything = Row(_("All"), tuple(Cell(total[name], view.link("/figure", metric=name)) for name in shown))
    note = _(
        "A department that closes early, or closes what comes back, is on time without having helped. What is open is "
        "counted at the end of the span."
    )
    lacking = [f"{total[name].metric.title}: {total[name].reason}." for name in absent]
    return table(
        _("What on-time alone would hide"),
        _("Department"),
        tuple(_(BESIDE[name]) for name in shown),
        rows,
        total=everything if rows else None,
        note=" ".join([note, *lacking]),
    )
