"""Quality: how much was evaluated, what came out of it, where training is needed, whether evaluators agree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from dashboards.answers import Answers
from dashboards.aria import aria
from dashboards.bar import shown_period
from dashboards.parts_shown import section
from dashboards.tables import Cell, Row, listing, table
from dashboards.view import View
from metrics import quality, text
from metrics.language import N_, _, n_, spoken
from metrics.quality.evaluator_parts import evaluator_sections

CRITICAL = {
    "customer_critical_accuracy": N_("Customer"),
    "business_critical_accuracy": N_("Business"),
    "compliance_critical_accuracy": N_("Compliance"),
}
VERDICTS = {
    "strength": N_("▲ better than elsewhere"),
    "need": N_("▼ needs work"),
    "as_others": N_("as elsewhere"),
    "too_few": N_("too few to tell"),
}


def page(answers: Answers, view: View) -> list[Component]:
    """Quality in the order of reading: without coverage no score means anything."""
    return [part(answers, view) for part in PARTS]


def heading(answers: Answers, view: View) -> Component:
    """The score of all in view, and how much it says."""
    return html.Header(
        [html.H1(_("Quality")), html.P(f"{shown_period(answers, view)}. {in_short(answers, view)}", className="lead")]
    )


def in_short(answers: Answers, view: View) -> str:
    """The score with its interval, its n, and for how much of the work it stands."""
    found = answers.kept(
        ("whole score", view.period),
        lambda: quality.whole_score(answers.centre, during=view.period, scope=answers.scope),
    )
    if found.score is None:
        return _("No contact of these days was drawn at random and evaluated: there is no quality score.")
    if found.low is None:
        told = n_(
            "The score is {score} of 100, from {n} contact drawn at random; those evaluated handled {share} of the "
            "work.",
            "The score is {score} of 100, from {n} contacts drawn at random; those evaluated handled {share} of the "
            "work.",
            found.n,
        )
    else:
        told = n_(
            "The score is {score} of 100 (likely {low} to {high}), from {n} contact drawn at random; those evaluated "
            "handled {share} of the work.",
            "The score is {score} of 100 (likely {low} to {high}), from {n} contacts drawn at random; those evaluated "
            "handled {share} of the work.",
            found.n,
        )
    return told.format(
        score=_points(found.score),
        low=_points(found.low),
        high=_points(found.high),
        n=text.count(found.n),
        share=text.share(found.covered),
    )


def critical(answers: Answers, view: View) -> Component:
    """Accuracy by class of critical item, each figure with its evaluations."""
    found = answers.total(tuple(CRITICAL), view.period, view.where(answers, next(iter(CRITICAL))))
    rows = [
        Row(_(told), (Cell(found[name], view.link("/figure", metric=name)),), view.link("/figure", metric=name))
        for name, told in CRITICAL.items()
    ]
    note = _("Evaluations without a critical error of the class. Never blended into the score.")
    return table(_("Critical accuracy"), _("Class"), (_("Without an error"),), rows, note=note)


def coverage(answers: Answers, view: View) -> Component:
    """Per agent, in the order of names: what was done, what was evaluated, and the precision that this buys."""
    frame = answers.kept(
        ("coverage", view.period), lambda: quality.coverage(answers.centre, during=view.period, scope=answers.scope)
    )
    rows = sorted(
        (
            [
                answers.called("agent", row["agent"]),
                text.count(row["handled"]),
                text.count(row["evaluated"]),
                text.share(row["coverage"]),
                text.count(row["drawn"]),
                _(text.NO_DATA)
                if row["half_width"] is None
                else _("± {n} points").format(n=text.count(100 * row["half_width"])),
            ]
            for row in frame.iter_rows(named=True)
        ),
        key=lambda row: str(row[0]).casefold(),
    )
    heads = [_("Agent"), _("Handled"), _("Evaluated"), _("Share"), _("Drawn at random"), _("Precision of a score")]
    return listing(
        _("Coverage"), heads, rows, numbers=5, note=_("Only random draws enter a score; the others are coaching.")
    )


def scores(answers: Answers, view: View) -> Component:
    """Every agent's score in a sentence, in the order of names."""
    frame = answers.kept(
        ("quality scores", view.period),
        lambda: quality.quality_scores(answers.centre, during=view.period, scope=answers.scope),
    )
    rows = sorted(
        (
            [
                answers.called("agent", row["agent"]),
                quality.score_sentence(row),
                " ".join(quality.critical_sentences(row)),
            ]
            for row in frame.iter_rows(named=True)
        ),
        key=lambda row: row[0].casefold(),
    )
    return listing(_("Scores"), [_("Agent"), _("Score"), _("Critical errors")], rows, of_people=True)


def needs(answers: Answers, view: View) -> Component:
    """Items by team: the rate, its interval, and whether it differs from elsewhere by more than chance."""
    frame = answers.kept(
        ("training needs", view.period),
        lambda: quality.training_needs(answers.centre, during=view.period, scope=answers.scope),
    )
    teams = sorted(frame["team"].unique().to_list())
    heads = [html.Th(_("Item"), scope="col"), *(html.Th(team, scope="col") for team in teams)]
    body: list[Component] = []
    for (form, item), part in frame.group_by(["form", "item"], maintain_order=True):
        cells = {row["team"]: row for row in part.iter_rows(named=True)}
        name = html.Th(
            [spoken(str(part["text"][0] or item)), html.Small(f"{form} · {spoken(str(part['section'][0]))}")],
            scope="row",
        )
        body.append(html.Tr([name, *(_need(cells.get(team)) for team in teams)]))
    caption = _("Items by team: where training is needed")
    grid = html.Table([html.Caption(caption), html.Thead(html.Tr(heads)), html.Tbody(body)], className="needs")
    note = _(
        "Share of applicable answers passed, with its likely range. A mark stands only where the "
        "difference from the other teams survives that many cells are looked at together."
    )
    return html.Div(
        [
            html.Div(grid, className="scrolled", role="region", tabIndex="0", **aria(label=caption)),
            html.P(note, className="muted note"),
        ]
    )


def _need(cell: dict[str, Any] | None) -> Component:
    if cell is None:
        return html.Td(_(text.NO_DATA), className="muted")
    # no line breaks between a number and its per cent
    low, high = (text.share(cell[end]).replace(" %", "\N{NO-BREAK SPACE}%") for end in ("low", "high"))
    likely, n = _("{low} to {high}").format(low=low, high=high), _("n {n}").format(n=text.count(cell["n"]))
    marked = cell["verdict"] in ("need", "strength")
    told = spoken(VERDICTS[cell["verdict"]])
    word = html.Strong(told) if marked else html.Small(told)
    return html.Td(
        [text.share(cell["rate"]), html.Small(likely), html.Small(n), word], className=f"cell {cell['verdict']}"
    )


def agreement(answers: Answers, view: View) -> Component:
    """What calibration says: by form and by item, in words first."""
    found = answers.kept(
        ("calibration", view.period),
        lambda: quality.calibration(answers.centre, during=view.period, scope=answers.scope),
    )
    return html.Section([html.H2(_("Do evaluators agree?")), *agreed(answers, found)], className="parts")


def agreed(answers: Answers, found: quality.Calibration) -> list[Component | None]:
    """Agreement by form, by item and by evaluator: of a period here, of one session on its own page."""
    forms = [
        [
            one.form,
            one.reading,
            text.count(one.contacts),
            text.count(one.evaluators),
            text.share(one.within_ten),
            quality.coefficient(one.icc.value),
        ]
        for one in found.forms
    ]
    items = [
        [
            _(one.text or one.item),
            one.reading,
            text.count(one.contacts),
            text.share(one.exact),
            quality.coefficient(one.alpha.value),
            quality.coefficient(one.gwet.value),
        ]
        for one in found.items
    ]
    by_form = [_("Form"), _("What that means"), _("Contacts"), _("Evaluators"), _("Within 10 points"), _("ICC")]
    by_item = [_("Item"), _("What that means"), _("Contacts"), _("Alike"), _("Alpha"), _("AC1 or AC2")]
    return [
        listing(_("Calibration by form"), by_form, forms, numbers=4)
        if forms
        else _nothing(_("No calibration took place.")),
        listing(_("Calibration by item"), by_item, items, numbers=4) if items else None,
        _severity(answers, found.leniency),
    ]


def _severity(answers: Answers, frame: pl.DataFrame) -> Component | None:
    """Evaluators against one another, for those who may see the whole centre."""
    if frame.is_empty():
        return None
    rows = [
        [
            answers.called("agent", row["evaluator"]),
            quality.severity_words(row),
            text.count(row["n"]),
            quality.signed_points(row["effect"]),
            quality.likely_points(row),
        ]
        for row in frame.iter_rows(named=True)
    ]
    heads = [_("Evaluator"), _("Reading"), _("Contacts"), _("Points against the others"), _("Likely")]
    return listing(_("Strictness on the same contacts"), heads, rows, numbers=3, of_people=True)


def evaluators(answers: Answers, view: View) -> list[Component]:
    """Who evaluates how, which takes a model and comes after the rest."""
    found = answers.kept(
        ("evaluators", view.period),
        lambda: quality.evaluators(answers.centre, during=view.period, scope=answers.scope),
    )
    return [section(one, view) for one in evaluator_sections(found, answers)]


def disputes(answers: Answers, view: View) -> Component:
    """How often scores are disputed, and how often that changed them, by item."""
    frame = answers.kept(
        ("disputes", view.period),
        lambda: quality.disputes_by_item(answers.centre, during=view.period, scope=answers.scope),
    ).filter((pl.col("disputed") > 0) | (pl.col("decided") > 0))
    if frame.is_empty():
        return html.Section([html.H2(_("Disputes")), _nothing(_("No evaluation was disputed."))])
    rows = [
        [
            row["item"],
            text.count(row["answers"]),
            text.count(row["disputed"]),
            text.count(row["decided"]),
            text.count(row["overturned"]),
            _(text.NO_DATA) if row["days"] is None else text.number(row["days"], 1),
        ]
        for row in frame.iter_rows(named=True)
    ]
    heads = [_("Item"), _("Answers"), _("Disputed"), _("Decided"), _("Changed"), _("Days to decide")]
    by_item = listing(_("Disputes by item"), heads, rows, numbers=5)
    return html.Section([html.H2(_("Disputes")), by_item, _by_evaluator(answers, view)], className="parts")


def _by_evaluator(answers: Answers, view: View) -> Component | None:
    """Whose scores are disputed and changed, with likely ranges, for those who may see the whole centre."""
    frame = answers.kept(
        ("disputes by evaluator", view.period),
        lambda: quality.disputes_by_evaluator(answers.centre, during=view.period, scope=answers.scope),
    )
    rows = [
        [
            answers.called("agent", row["evaluator"]),
            text.count(row["released"]),
            _of(row["disputed"], row, ""),
            _of(row["overturned"], row, "overturn_"),
            _(text.NO_DATA) if row["days"] is None else text.number(row["days"], 1),
        ]
        for row in frame.iter_rows(named=True)
    ]
    heads = [_("Evaluator"), _("Evaluations"), _("Disputed"), _("Changed of those decided"), _("Days to decide")]
    return listing(_("Disputes by evaluator"), heads, rows, numbers=4, of_people=True) if rows else None


def _of(number: int, row: dict[str, Any], prefix: str) -> str:
    """A count with its share and likely range; nothing to say where there was nothing."""
    rate = row["rate"] if prefix == "" else row["overturn_rate"]
    if rate is None:
        return _(text.NO_DATA)
    likely = _("{low} to {high}").format(low=text.share(row[f"{prefix}low"]), high=text.share(row[f"{prefix}high"]))
    return f"{number}: {text.share(rate)} ({likely})"


def more(answers: Answers, view: View) -> Component:  # noqa: ARG001
    """Where the scores open."""
    return html.P(dcc.Link(_("The quality score as a figure"), href=view.link("/figure", metric="quality_score")))


def _nothing(words: str) -> Component:
    return html.P(words, className="muted")


def _points(share: float | None) -> str:
    return _(text.NO_DATA) if share is None else text.count(100 * share)


PARTS: tuple[Callable[[Answers, View], Component], ...] = (
    heading,
    coverage,
    critical,
    scores,
    needs,
    agreement,
    disputes,
    more,
)
