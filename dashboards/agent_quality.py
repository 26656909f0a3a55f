"""An agent's quality: sections as dots with their likely ranges, items that stand out, critical errors, each review."""

from __future__ import annotations

from typing import Any

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from dashboards.answers import Answers
from dashboards.cards import picture
from dashboards.tables import listing
from dashboards.view import View
from metrics import Scope, charts, quality, text
from metrics.availability import bare_reason
from metrics.language import N_, _, spoken
from metrics.quality.record import critical_errors, sections_among

SECTIONS_WIDTH = 620
VERDICTS = {
    "strength": N_("better than others on it"),
    "need": N_("needs work"),
    "as_others": N_("as others"),
    "too_few": N_("too few to tell"),
}
SELECTIONS = {"random": N_("drawn at random"), "targeted": N_("chosen"), "complaint": N_("after a complaint")}


class Passed:
    """What the dots are of."""

    unit = "share"


def sections(answers: Answers, view: View, agent: str) -> list[Component]:
    """The sections of the forms as dots: where each truly lies, and what others have; with a table of the same."""
    frame = sections_among(_said(answers, view), agent, scope=answers.scope)
    if frame.is_empty():
        return [html.P(_("No contact of these days was drawn at random and reviewed."), className="muted")]
    forms = frame["form"].n_unique()
    rows = list(frame.iter_rows(named=True))
    names = [_name(row, with_form=forms > 1) for row in rows]
    title = _("Items passed, by section, with their likely range")
    dots = [
        charts.Interval(
            name,
            row["rate"],
            row["low"],
            row["high"],
            _("{share}, others {others}").format(share=text.share(row["rate"]), others=text.share(row["others_rate"])),
        )
        for name, row in zip(names, rows, strict=True)
    ]
    svg = charts.dots_with_intervals(title, dots, Passed(), axis_title=_("Items passed (%)"), width=SECTIONS_WIDTH)
    told = "; ".join(f"{one.name}: {one.words}" for one in dots)
    cells = [
        [
            name,
            _("{passed} of {n}").format(passed=text.count(row["passed"]), n=text.count(row["n"])),
            _("{low} to {high}").format(low=text.share(row["low"]), high=text.share(row["high"])),
            text.share(row["others_rate"]),
            spoken(VERDICTS[row["verdict"]]),
        ]
        for name, row in zip(names, rows, strict=True)
    ]
    heads = [_("Section"), _("Passed"), _("Likely"), _("Others"), _("What may be said")]
    return [
        html.Figure(
            [
                html.Figcaption(html.H3(_stands_out(rows, names))),
                picture(str(svg), f"{title}. {told}.", className="small-chart"),
                html.Details([html.Summary(_("Show as a table")), listing(title, heads, cells)]),
            ]
        )
    ]


def _name(row: dict[str, Any], *, with_form: bool) -> str:
    section = spoken(str(row["section"] or text.NOT_RECORDED))
    return f"{row['form']}: {section}" if with_form else section


def _stands_out(rows: list[dict[str, Any]], names: list[str]) -> str:
    """The sentence above the dots: which sections differ by more than chance."""
    by_verdict = {
        verdict: [name for name, row in zip(names, rows, strict=True) if row["verdict"] == verdict]
        for verdict in VERDICTS
    }
    told = []
    if by_verdict["need"]:
        told.append(_("to work on: {names}").format(names=text.listed(by_verdict["need"])))
    if by_verdict["strength"]:
        told.append(_("better than others: {names}").format(names=text.listed(by_verdict["strength"])))
    if not told:
        return _("No section differs from others by more than chance")
    words = "; ".join(told)
    return words[0].upper() + words[1:]


def reviews(answers: Answers, view: View, agent: str) -> Component:
    """Items that stand out, critical errors, and every review with its contact."""
    if lacking := answers.cannot_give("evaluations_done"):
        told = _("No reviews: {reason}.").format(reason=bare_reason(lacking))
        return html.Section([html.H2(_("Reviews")), html.P(told)])
    return html.Section(
        [
            html.H2(_("Reviews")),
            _items(answers, view, agent),
            _critical(answers, view, agent),
            _list(answers, view, agent),
        ],
        className="parts",
    )


def _items(answers: Answers, view: View, agent: str) -> Component:
    frame = quality.needs_among(_said(answers, view), agent, scope=answers.scope)
    apart = frame.filter(pl.col("verdict").is_in(["need", "strength"]))
    if apart.is_empty():
        few = frame.filter(pl.col("verdict") == "too_few").height
        words = (
            _("No single item differs from others by more than chance; for {few} of {items} there are too few reviews.")
            if few
            else _("No single item differs from others by more than chance.")
        )
        return html.P(words.format(few=text.count(few), items=text.count(frame.height)))
    rows = [
        [
            spoken(str(row["text"] or row["item"])),
            _("{passed} of {n}").format(passed=text.count(row["passed"]), n=text.count(row["n"])),
            text.share(row["others_rate"]),
            spoken(VERDICTS[row["verdict"]]),
        ]
        for row in apart.iter_rows(named=True)
    ]
    heads = [_("Item"), _("Passed"), _("Others"), _("What may be said")]
    return listing(_("Items that differ by more than chance"), heads, rows)


def _critical(answers: Answers, view: View, agent: str) -> Component:
    frame = critical_errors(_answers(answers, view), agent)
    if frame.is_empty():
        return html.P(_("No critical error in any review of these days."))
    rows = [
        [
            row["held_on"],
            spoken(str(row["text"] or row["item"])),
            spoken(row["critical_class"]),
            str(row["form"] or _(text.NOT_RECORDED)),
            _contact(view, row),
        ]
        for row in frame.iter_rows(named=True)
    ]
    heads = [_("Day"), _("Critical item"), _("Class"), _("Form"), _("Contact")]
    return listing(_("Critical errors"), heads, rows)


def _list(answers: Answers, view: View, agent: str) -> Component:
    ask = lambda: quality.evaluations(answers.centre, during=view.period, scope=answers.scope)  # noqa: E731
    made = answers.kept(("evaluations", view.period), ask)
    # what was not released yet, and what trained the evaluators, is nobody's record
    mine = made.filter((pl.col("agent") == agent) & pl.col("is_released")).sort("held_at", descending=True)
    if mine.is_empty():
        return html.P(_("No review of these days was released."))
    hides_evaluator = answers.scope.agents is not None
    rows = [
        [
            _contact(view, row),
            row["held_on"],
            *([] if hides_evaluator else [answers.called("agent", row["evaluator"])]),
            _(SELECTIONS.get(row["selection"], text.plain_words(row["selection"] or text.NOT_RECORDED))),
            text.NO_DATA if row["final_score"] is None else f"{100 * row['final_score']:.0f}",
        ]
        for row in mine.iter_rows(named=True)
    ]
    heads = [_("Contact"), _("Day"), *([] if hides_evaluator else [_("Evaluator")]), _("How chosen"), _("Score")]
    note = _("Only contacts drawn at random enter the score above.")
    return listing(_("Every review"), heads, rows, numbers=1, note=note)


def _contact(view: View, row: dict[str, Any]) -> Component | str:
    name = str(row["contact_key"] or row["contact_id"] or text.NOT_RECORDED)
    if row["contact_id"] is None:
        return name
    return dcc.Link(name, href=view.link("/contact", contact=str(row["contact_id"]), show=""))


def _answers(answers: Answers, view: View) -> pl.DataFrame:
    """Every answer of the period, as far as the asker may see them."""
    ask = lambda: quality.answers(answers.centre, during=view.period, scope=answers.scope)  # noqa: E731
    return answers.kept(("quality answers", view.period), ask)


def _said(answers: Answers, view: View) -> pl.DataFrame:
    """Applicable answers of random draws, of everybody: the others are what somebody is held against."""
    centre = answers.centre
    drawn = pl.col("is_in_sample") & pl.col("is_applicable")
    whole = lambda: quality.answers(centre, during=view.period, scope=Scope.whole_centre()).filter(drawn)  # noqa: E731
    return centre.once(("answers drawn at random", view.period), whole)
