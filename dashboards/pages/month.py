"""Management's month: the figures and sentences of the monthly report, subject by subject, each figure opening."""

from __future__ import annotations

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.answers import Answers
from dashboards.aria import aria
from dashboards.parts_shown import section, shown_card
from dashboards.tables import slug
from dashboards.view import View
from metrics import WrongUse, text
from metrics.language import N_, _
from metrics.month import AT_ONCE, PARTS, month_cards, partial, subtitle, summary
from metrics.month.access import WHOLE
from metrics.month.figures import CARDS, MonthFigures
from metrics.month.requests import FLOW

# the parts of the report by how an address names them; the first is the summary
SUBJECTS = {"": N_("Summary"), **{slug(title): title for title in PARTS}}
YEAR = N_("The year")
# what the summary says of the whole month
SUMMARY = (*CARDS, *WHOLE, *FLOW)


def page(answers: Answers, view: View) -> list[Component | None]:
    """The summary of the month, or one of its subjects; raises WrongUse for a subject that the report has not."""
    if view.show not in SUBJECTS:
        raise WrongUse(
            _("{show!r} is no part of the month. Expected one of {known}.").format(
                show=view.show, known=", ".join(filter(None, SUBJECTS))
            )
        )
    month = figures(answers, view, AT_ONCE if view.show else SUMMARY)
    top = [_heading(month), _subjects(view)]
    if view.show:
        return [*top, *(section(one, view) for one in PARTS[SUBJECTS[view.show]](month))]
    cards = [shown_card(one, view.link("/figure", metric=one.figure.metric.name)) for one in month_cards(month)]
    told = [html.Li(str(sentence)) for sentence in summary(month)]
    return [
        *top,
        html.Section([html.H2(_("The month in sentences")), html.Ul(told, className="sentences")]),
        html.Ul(cards, className="cards"),
    ]


def figures(answers: Answers, view: View, names: Sequence[str] = ()) -> MonthFigures:
    """The month's figures, those of the whole month asked for at once."""
    month = answers.month(view.period)
    if names:
        answers.kept(("month at once", view.period, names), lambda: month.fetch(names))
    return month


def year_on_a_page(answers: Answers, view: View) -> Sequence[Component]:
    """Thirteen months in small charts, below the summary."""
    return [section(one, view) for one in PARTS[YEAR](figures(answers, view))] if not view.show else []


def _heading(month: MonthFigures) -> Component:
    doubts = [html.Li(sentence) for sentence in partial(month)]
    return html.Header(
        [
            html.H1(text.heading(text.period(month.month))),
            html.P(f"{subtitle(month)}.", className="lead"),
            html.Ul(doubts, className="states") if doubts else None,
        ]
    )


def _subjects(view: View) -> Component:
    """The way from subject to subject."""
    links = [
        html.Li(
            dcc.Link(_(title), href=view.link("/month", show=name), className="here" if name == view.show else ""),
            **(aria(current="page") if name == view.show else {}),
        )
        for name, title in SUBJECTS.items()
    ]
    return html.Nav(html.Ul(links), className="subjects", **aria(label=_("Subjects of the month")))
