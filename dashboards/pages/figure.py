"""The card of a figure: what it is, its two numbers, what is left out, how it moved, and the way to its rows."""

from __future__ import annotations

from functools import partial
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.answers import Answers
from dashboards.aria import aria
from dashboards.bar import KEYS, said, shown_period
from dashboards.cards import Course, course_days, judged, trend
from dashboards.state import of_figure
from dashboards.tables import Cell, Row, table
from dashboards.view import NOT_CREDITED, View
from metrics import Figure, Key, Metric, Period, WrongUse, terms, text
from metrics.exclusions import exclusions
from metrics.formula import filled
from metrics.language import N_, _

# what a figure is parted by, where its fact knows it
PARTED_BY = {
    "queue": (N_("By queue"), N_("Queue")),
    "channel": (N_("By channel"), N_("Channel")),
    "language": (N_("By language"), N_("Language")),
    "team": (N_("By team"), N_("Team")),
    "department": (N_("By department"), N_("Department")),
    "request_type": (N_("By request type"), N_("Request type")),
}
MOST_PARTS = 40


def page(answers: Answers, view: View) -> list[Component]:
    """The figure of the view; raises WrongUse where the address names none."""
    if not view.metric:
        raise WrongUse(_("The address names no figure. Choose one on the day's page."))
    answers = answers.keyed(view.key)
    metric = answers.metric(view.metric)
    where = view.where(answers, metric.name)
    figure = answers.total([metric.name], view.period, where)[metric.name]
    return [
        html.Header(
            [
                html.H1(metric.title),
                html.P(f"{shown_period(answers, view)}. {said(answers, view)}.", className="lead"),
            ]
        ),
        _value(answers, view, figure),
        _definition(answers, view, figure),
        _course(answers, view, metric),
        *_parts(answers, view, metric),
        _statement(answers, metric),
    ]


def _value(answers: Answers, view: View, figure: Figure) -> Component:
    """The value, how it came about, and its rows."""
    metric = figure.metric
    target = answers.target(metric.name, view.day, view.value("queue"))
    usual = view.compared(answers, (metric.name,), view.where(answers, metric.name))[metric.name]
    before = f" ({usual.figure.words}, {usual.name})" if usual.figure.value is not None else ""
    left = view.unheeded(answers, metric.name)
    return html.Section(
        className="figure-value",
        children=[
            html.P(figure.words, className="value"),
            html.P(judged(figure, target)),
            html.P(" · ".join(of_figure(answers, view, metric.name)), className="muted"),
            html.P(f"{figure.reason.capitalize()}.") if figure.reason else None,
            html.P(_filled(answers, view, figure)) if figure.value is not None else None,
            html.P(f"{figure.change_from(usual.figure)}{before}", className="muted"),
            html.P(
                _("Of every {names}: it cannot be narrowed by that.").format(names=text.listed(left)), className="muted"
            )
            if left
            else None,
            html.P(_links(view, figure)) if figure.value is not None else None,
        ],
    )


def _filled(answers: Answers, view: View, figure: Figure) -> str:
    """The formula with its numbers: "1,843 answered within target ÷ 2,214 visits offered"."""
    metric = figure.metric
    if metric.is_distribution:
        return _("Of {n}: {formula}.").format(n=text.count(figure.n), formula=text.formula(metric))
    where = view.where(answers, metric.name)
    ask = lambda: terms(answers.centre, metric, during=view.period, where=where, scope=answers.scope)  # noqa: E731
    known = answers.kept(("terms", metric.name, metric.key, view.period, str(where)), ask, has_words=False)
    return filled(metric, known)


def _links(view: View, figure: Figure) -> list[Component | str]:
    """To the rows that were counted, and to those of the base that were not."""
    metric = figure.metric
    links: list[Component | str] = [
        dcc.Link(_("Show the {n} rows").format(n=text.count(_rows(figure))), href=view.link("/contacts"))
    ]
    if metric.unit == "share" and figure.numerator is not None and figure.denominator is not None:
        counted, missed = figure.numerator, figure.denominator - figure.numerator
        links += [
            " · ",
            dcc.Link(
                _("the {n} counted").format(n=text.count(counted)),
                href=view.link("/contacts", show="counted"),
            ),
        ]
        links += [
            " · ",
            dcc.Link(_("the {n} others").format(n=text.count(missed)), href=view.link("/contacts", show="missed")),
        ]
    return links


def _rows(figure: Figure) -> float | None:
    return figure.n if figure.denominator is None else figure.denominator


def _definition(answers: Answers, view: View, figure: Figure) -> Component:
    """What the figure means, what it leaves out with how many that were, and what its other published forms say."""
    metric = figure.metric
    grain = answers.fact(metric.name).grain
    facts: list[tuple[str, Any]] = [
        (_("Computed as"), ": ".join(filter(None, [text.formula(metric), figure.parts]))),
        (
            _("Counts"),
            _("{grain}; it belongs to the interval of its {moment}").format(
                grain=_(grain), moment=_(KEYS.get(metric.key, metric.key)).lower()
            ),
        ),
        (_("Left out"), _left_out(answers, view, metric)),
        (_("Note"), metric.note),
        (_("Better"), {"higher": _("higher"), "lower": _("lower"), "neither": _("neither is better")}[metric.better]),
        ("n", text.count(figure.n)),
        (
            _("Definition"),
            _("{id}, version {version}; {source}").format(id=metric.id, version=metric.version, source=metric.source),
        ),
    ]
    related = _variants(answers.keyed(""), view, metric)
    rows = [html.Tr([html.Th(name, scope="row"), html.Td(words)]) for name, words in facts if words]
    if related:
        parted = [part for link in related for part in (", ", link)][1:]
        rows.append(html.Tr([html.Th(_("Variants"), scope="row"), html.Td(parted)]))
    return html.Section([html.H2(_("What it means")), html.Table(html.Tbody(rows), className="definition")])


def _left_out(answers: Answers, view: View, metric: Metric) -> list[Component | str] | str:
    """What is left out, each with how many that were where a figure counts it, which opens."""
    if not metric.excludes:
        return _("nothing")
    plain = answers.keyed("")
    parts: list[Component | str] = []
    for one in exclusions(plain, metric, view.period, view.where(plain, metric.name)):
        parts += [", "] if parts else []
        parts.append(_(one.words))
        if one.figure is not None and one.number is not None:
            href = view.link("/figure", metric=one.figure.metric.name, key="", show="")
            parts += [" (", dcc.Link(text.count(one.number), href=href), ")"]
    return parts


def _variants(answers: Answers, view: View, metric: Metric) -> list[Component]:
    """The other published forms of the figure, each with its value in the same view where it can be narrowed alike."""
    names = [name for name in metric.variants if name in answers.centre.catalogue.metrics]
    where = view.where(answers, metric.name)
    alike = [name for name in names if view.where(answers, name) == where]
    found = answers.total(alike, view.period, where) if alike else {}
    return [
        dcc.Link(
            f"{answers.metric(name).title}: {found[name].words}" if name in found else answers.metric(name).title,
            href=view.link("/figure", metric=name, key="", show=""),
        )
        for name in names
    ]


def _course(answers: Answers, view: View, metric: Metric) -> Component:
    """Four weeks of the figure, drawn and as a table."""
    days = course_days(view.day)
    during = Period(days[0], view.period.until)
    grid = answers.by([metric.name], ["day"], during, view.where(answers, metric.name))
    target = answers.target(metric.name, view.day, view.value("queue"))
    rows = [
        Row(
            text.heading(text.short_day(day)),
            (Cell(grid.figure(metric.name, day), view.link("/figure", day=day, span="day")),),
        )
        for day in reversed(days)
    ]
    values = grid.values(metric.name, [(day,) for day in days])
    return html.Section(
        [
            html.H2(_("Day by day over four weeks")),
            trend(metric, Course(days, values), target),
            html.Details([html.Summary(_("Show as a table")), table(_("Day by day"), _("Day"), [metric.title], rows)]),
        ]
    )


def _parts(answers: Answers, view: View, metric: Metric) -> list[Component]:
    """The figure parted by what its fact knows, each part a figure of its own."""
    fact = answers.fact(metric.name)
    known = set(fact.dimensions) - set(NOT_CREDITED.get(fact.name, ()))
    where = view.where(answers, metric.name)
    tables = []
    for dimension in (name for name in PARTED_BY if name in known and name not in dict(view.chosen)):
        grid = answers.by([metric.name], [dimension], view.period, where)
        keys = sorted(grid.keys, key=partial(_name, answers, dimension))
        if len(keys) < 2:
            continue
        rows = [
            Row(
                answers.called(dimension, key[0]),
                (Cell(grid.figure(metric.name, *key), _narrowed(view, dimension, key[0]).link("/figure")),),
            )
            for key in keys[:MOST_PARTS]
        ]
        note = (
            _("The first {shown} of {all} by name.").format(shown=MOST_PARTS, all=len(keys))
            if len(keys) > MOST_PARTS
            else ""
        )
        caption, heading = (_(words) for words in PARTED_BY[dimension])
        tables.append(table(caption, heading, [metric.title], rows, note=note))
    return [html.Section([html.H2(_("Broken down")), html.Div(tables, className="side-by-side")])] if tables else []


def _name(answers: Answers, dimension: str, key: Key) -> str:
    return answers.called(dimension, key[0]).casefold()


def _narrowed(view: View, dimension: str, value: object) -> View:
    return view.narrowed(**{dimension: str(value)}) if value is not None else view


def _statement(answers: Answers, metric: Metric) -> Component:
    """The SQL, for whoever wants to compute it elsewhere."""
    code = html.Pre(answers.sql(metric.name), tabIndex="0", role="region", **aria(label=_("SQL")))
    return html.Section(html.Details([html.Summary(_("The statement that computes it")), code]))
