"""The card of a figure: what it is, its two numbers, what is left out, how it moved, and the way to its rows."""

from __future__ import annotations

from functools import partial

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.answers import Answers
from dashboards.aria import aria
from dashboards.bar import said, shown_period
from dashboards.cards import Course, course_days, target_words, too_few, trend
from dashboards.tables import Cell, Row, table
from dashboards.view import NOT_CREDITED, View
from metrics import Figure, Key, Metric, Period, WrongUse, text

# what a figure is parted by, where its fact knows it
PARTED_BY = ("queue", "channel", "language", "team", "department", "request_type")
MOST_PARTS = 40


def page(answers: Answers, view: View) -> list[Component]:
    """The figure of the view; raises WrongUse where the address names none."""
    if not view.metric:
        raise WrongUse("The address names no figure. Choose one on the day's page.")
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
        _definition(answers, metric, figure),
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
            html.P(too_few(figure) or target_words(metric, figure.value, target)),
            html.P(f"{figure.reason.capitalize()}.") if figure.reason else None,
            html.P(_filled(figure)) if figure.value is not None else None,
            html.P(f"{figure.change_from(usual.figure)}{before}", className="muted"),
            html.P(f"Of every {text.listed(left)}: it cannot be narrowed by that.", className="muted")
            if left
            else None,
            html.P(_links(view, figure)) if figure.value is not None else None,
        ],
    )


def _filled(figure: Figure) -> str:
    """The formula with its numbers: "1,843 answered within target ÷ 2,214 offered"."""
    metric = figure.metric
    if figure.parts:
        return f"{text.formula(metric)}: {figure.parts}"
    if metric.is_distribution:
        return f"Of {text.count(figure.n)}: {text.formula(metric)}."
    return text.formula(metric)


def _links(view: View, figure: Figure) -> list[Component | str]:
    """To the rows that were counted, and to those of the base that were not."""
    metric = figure.metric
    links: list[Component | str] = [dcc.Link(f"Show the {text.count(_rows(figure))} rows", href=view.link("/contacts"))]
    if metric.unit == "share" and figure.numerator is not None and figure.denominator is not None:
        counted, missed = figure.numerator, figure.denominator - figure.numerator
        links += [" · ", dcc.Link(f"the {text.count(counted)} counted", href=view.link("/contacts", show="counted"))]
        links += [" · ", dcc.Link(f"the {text.count(missed)} others", href=view.link("/contacts", show="missed"))]
    return links


def _rows(figure: Figure) -> float | None:
    return figure.n if figure.denominator is None else figure.denominator


def _definition(answers: Answers, metric: Metric, figure: Figure) -> Component:
    """What the figure means and what it leaves out."""
    grain = answers.fact(metric.name).grain
    facts = [
        ("Computed as", text.formula(metric)),
        ("Counts", f"{grain}; it belongs to the interval of its {text.plain_words(metric.key)}"),
        ("Left out", text.listed(list(metric.excludes)) if metric.excludes else "nothing"),
        ("Note", metric.note),
        ("Better", {"higher": "higher", "lower": "lower", "neither": "neither is better"}[metric.better]),
        ("n", text.count(figure.n)),
        ("Definition", f"{metric.id}, version {metric.version}; {metric.source}"),
    ]
    related = [
        dcc.Link(answers.metric(name).title, href=f"/figure?metric={name}")
        for name in metric.variants
        if name in answers.centre.catalogue.metrics
    ]
    rows = [html.Tr([html.Th(name, scope="row"), html.Td(words)]) for name, words in facts if words]
    if related:
        parted = [part for link in related for part in (", ", link)][1:]
        rows.append(html.Tr([html.Th("Variants", scope="row"), html.Td(parted)]))
    return html.Section([html.H2("What it means"), html.Table(html.Tbody(rows), className="definition")])


def _course(answers: Answers, view: View, metric: Metric) -> Component:
    """Four weeks of the figure, drawn and as a table."""
    days = course_days(view.day)
    during = Period(days[0], view.period.until)
    grid = answers.by([metric.name], ["day"], during, view.where(answers, metric.name))
    target = answers.target(metric.name, view.day, view.value("queue"))
    rows = [
        Row(text.short_day(day), (Cell(grid.figure(metric.name, day), view.link("/figure", day=day, span="day")),))
        for day in reversed(days)
    ]
    values = grid.values(metric.name, [(day,) for day in days])
    return html.Section(
        [
            html.H2("Day by day over four weeks"),
            trend(metric, Course(days, values), target),
            html.Details([html.Summary("Show as a table"), table("Day by day", "Day", [metric.title], rows)]),
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
        note = f"The first {MOST_PARTS} of {len(keys)} by name." if len(keys) > MOST_PARTS else ""
        title = text.plain_words(dimension)
        tables.append(table(f"By {title}", title.capitalize(), [metric.title], rows, note=note))
    return [html.Section([html.H2("Broken down"), html.Div(tables, className="side-by-side")])] if tables else []


def _name(answers: Answers, dimension: str, key: Key) -> str:
    return answers.called(dimension, key[0]).casefold()


def _narrowed(view: View, dimension: str, value: object) -> View:
    return view.narrowed(**{dimension: str(value)}) if value is not None else view


def _statement(answers: Answers, metric: Metric) -> Component:
    """The SQL, for whoever wants to compute it elsewhere."""
    code = html.Pre(answers.sql(metric.name), tabIndex="0", role="region", **aria(label="SQL"))
    return html.Section(html.Details([html.Summary("The statement that computes it"), code]))
