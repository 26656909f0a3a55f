"""The glossary: every figure with its definition, generated from the catalogue that computes it."""

from __future__ import annotations

from itertools import groupby

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.answers import Answers
from dashboards.tables import listing
from dashboards.view import View
from metrics import Metric, text
from metrics.language import _


def page(answers: Answers, view: View) -> list[Component]:
    """All metrics, by the fact that they count."""
    known = answers.centre.catalogue.metrics.values()
    parts: list[Component] = [
        html.Header(
            [
                html.H1(_("Definitions")),
                html.P(
                    _(
                        "{n} figures. One definition serves the page, the papers, the spreadsheet and the command line."
                    ).format(n=text.count(len(known))),
                    className="lead",
                ),
            ]
        )
    ]
    by_fact = sorted(known, key=lambda metric: answers.fact(metric.name).name)
    for fact, metrics in groupby(by_fact, key=lambda metric: answers.fact(metric.name).name):
        grain = answers.centre.catalogue.facts[fact].grain
        rows = [_row(view, metric) for metric in sorted(metrics, key=lambda metric: metric.title)]
        parts.append(
            listing(
                _("Counted from: {grain}").format(grain=_(grain)),
                [_("Figure"), _("Id, version"), _("How it is computed"), _("Remarks")],
                rows,
            )
        )
    return parts


def _row(view: View, metric: Metric) -> list[object]:
    left_out = [_("without {names}").format(names=text.listed(list(metric.excludes)))] if metric.excludes else []
    remarks = "; ".join([*left_out, metric.note] if metric.note else left_out)
    link = dcc.Link(metric.title, href=view.link("/figure", metric=metric.name))
    return [link, f"{metric.id}, {metric.version}", text.formula(metric), remarks]
