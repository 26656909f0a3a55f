"""Quality on paper: score, critical errors, items, coverage, agreement and disputes, each as a part of a report."""

from __future__ import annotations

from typing import Any

import polars as pl

from metrics import Key, Period, quality, text
from metrics.answers import Answer, Sentence, listing, table
from metrics.charts import Interval
from metrics.language import N_, _, spoken
from metrics.parts import Chart, Number, Part, Ranges, Row, Table, columns
from metrics.quality.calibration import RELIES, TENTATIVE

ACCURACY = {
    "customer_critical_accuracy": N_("Customer"),
    "business_critical_accuracy": N_("Business"),
    "compliance_critical_accuracy": N_("Compliance"),
}
SCORES = {
    "evaluations_done": N_("Evaluations"),
    "quality_score": N_("Quality score"),
    "quality_score_raw": N_("Before auto-fails"),
    "auto_fail_rate": N_("Auto-fails"),
    "customer_critical_accuracy": N_("Customer-critical right"),
    "business_critical_accuracy": N_("Business-critical right"),
    "compliance_critical_accuracy": N_("Compliance-critical right"),
    "item_na_rate": N_("Not applicable"),
}
COVERAGE = {
    "evaluations_done": "",
    "contacts_evaluated": "",
    "random_share": "",
    "evaluations_set_aside": "",
    "item_pass_rate": "",
    "item_na_rate": "",
}
DISPUTES = {"dispute_rate": "", "overturn_rate": "", "days_to_decide": ""}
ITEM_VERDICTS = {"strength": N_("better than others"), "need": N_("worse than others")}
MOST_ITEMS = 40


def whole(answer: Answer) -> tuple[Part, ...]:
    """The centre's score with its interval, and what it says nothing about."""
    found = quality.whole_score(answer.asker.centre, during=answer.during, scope=answer.asker.scope)
    if found.score is None:
        return (_("No contact of this period was drawn at random and evaluated: there is no quality score."),)
    score = _("{score:.0f} of 100").format(score=100 * found.score)
    if found.low and found.high:
        score = _("{score} (likely {low:.0f} to {high:.0f})").format(
            score=score, low=100 * found.low, high=100 * found.high
        )
    return (
        _(
            "The quality score is {score}: {evaluations} of {agents} drawn at random, each weighted by "
            "the contacts that the agent handled. They cover {share} of the contacts handled; of the rest "
            "nothing is known. Score, critical errors and handle time stand side by side and are never blended."
        ).format(
            score=score,
            evaluations=text.number_of(found.n, "evaluation"),
            agents=text.number_of(found.agents, "agent"),
            share=text.share(found.covered),
        ),
    )


def critical(answer: Answer) -> tuple[Part, ...]:
    """Right in each critical class, with what chance leaves open."""
    figures = [(name, _(title), answer.figure(name)) for name, title in ACCURACY.items()]
    known = [(name, title, figure) for name, title, figure in figures if figure.n]
    if not known:
        return ()
    ends = quality.with_interval(
        pl.DataFrame({"right": [one.numerator for *_, one in known], "n": [one.n for *_, one in known]}), "right", "n"
    ).select("low", "high").rows()  # fmt: skip
    rows = [
        Interval(
            title,
            figure.value,
            end[0],
            end[1],
            _("{part} of {whole}").format(part=figure.words, whole=text.count(figure.n)),
        )
        for (_name, title, figure), end in zip(known, ends, strict=True)
    ]
    worst = min(known, key=lambda one: one[2].value or 0)
    sentence = _("Without a critical error: fewest in the {critical} class, {share} of contacts").format(
        critical=worst[1].lower(), share=worst[2].words
    )
    return (Ranges(sentence, tuple(rows), known[0][2].metric, _("Contacts without a critical error (%)")),)


def course(months: Answer, keys: list[Key]) -> tuple[Part, ...]:
    """Scores month by month, each with its n."""
    label = lambda key: text.heading(text.dimension_value("month", key[0]))  # noqa: E731
    return (
        table(_("By month"), months.columns(SCORES), keys=keys, label=label, heading=_("Month"), total=_("Together")),
    )


def items(answer: Answer) -> Table | str:
    """Every item of the forms with its pass rate and interval, those passed least first."""
    said = quality.answers(answer.asker.centre, during=answer.during, scope=answer.asker.scope)
    drawn = said.filter(pl.col("is_in_sample") & pl.col("is_scored"))
    applied = drawn.filter("is_applicable")
    if applied.is_empty():
        return _("No item of a form was answered for a contact drawn at random.")
    keys = ["form", "section", "item"]
    rates = applied.group_by(keys).agg(
        pl.col("text").last(), pl.col("critical_class").last(), n=pl.len().cast(pl.Int64),
        passed=(~pl.col("failed")).sum().cast(pl.Int64),
    )  # fmt: skip
    left_out = drawn.group_by(keys).agg(asked=pl.len(), na=pl.col("is_na").sum())
    frame = quality.with_interval(rates, "passed", "n").join(left_out, on=keys).sort(["rate", *keys])
    rows = [Row(_(str(row["text"] or row["item"])), _item(row)) for row in frame.head(MOST_ITEMS).iter_rows(named=True)]
    return Table(
        caption=_("Items, those passed least first"),
        heading=_("Item"),
        columns=columns(_("Section"), _("Critical"), _("Passed"), _("Likely"), _("Not applicable")),
        rows=tuple(rows),
        note=_("Of contacts drawn at random. Likely is the range that chance leaves (95 %, Wilson).")
        + (
            _(" The {most} passed least of {n}.").format(most=MOST_ITEMS, n=frame.height)
            if frame.height > MOST_ITEMS
            else ""
        ),
    )


def _item(row: dict[str, Any]) -> tuple[str, ...]:
    return (
        _(str(row["section"] or "")),
        "" if row["critical_class"] in (None, "none") else _(str(row["critical_class"])),
        Number(_("{part} of {whole}").format(part=text.share(row["rate"]), whole=text.count(row["n"]))),
        Number(_("{first} to {last}").format(first=text.share(row["low"]), last=text.share(row["high"]))),
        Number(_("{part} of {whole}").format(part=text.count(row["na"]), whole=text.count(row["asked"]))),
    )


def needs(answer: Answer) -> Table | str:
    """Where a team answers an item otherwise than all the others; nothing else is a training need."""
    frame = quality.training_needs(answer.asker.centre, during=answer.during, scope=answer.asker.scope)
    told = frame.filter(pl.col("verdict").is_in(["need", "strength"]))
    if told.is_empty():
        cells = text.number_of(frame.height, "pair of team and item", "pairs of teams and items")
        return _("No team stands out on any item: {cells} were looked at, chance allowed for.").format(cells=cells)
    rows = [
        Row(
            spoken(str(row["text"] or row["item"])),
            (
                str(row["team"]),
                Number(_("{part} of {whole}").format(part=text.share(row["rate"]), whole=text.count(row["n"]))),
                Number(
                    _("{part} of {whole}").format(
                        part=text.share(row["others_rate"]), whole=text.count(row["others_n"])
                    )
                ),
                spoken(ITEM_VERDICTS[row["verdict"]]),
            ),
        )
        for row in told.iter_rows(named=True)
    ]
    return Table(
        _("Teams that stand out on an item"),
        _("Item"),
        columns(_("Team"), _("Passed"), _("Others"), _("Against others")),
        tuple(rows),
    )


def coverage(answer: Answer, whole_answer: Answer) -> tuple[Part, ...]:
    """How much was looked at, and what that can tell of a person."""
    frame = quality.coverage(answer.asker.centre, during=answer.during, scope=answer.asker.scope)
    parts: list[Part] = []
    drawn = frame.filter(pl.col("drawn") > 0)
    if drawn.height:
        middle = drawn.select(pl.col("drawn", "half_width").median().fill_null(0)).row(0)
        parts.append(
            _(
                "{agents} of {all} who handled contacts had one drawn at random; the middle agent had "
                "{evaluations}, which tells a score to about {points:.0f} points either way."
            ).format(
                agents=text.number_of(drawn.height, "agent"),
                all=text.count(frame.height),
                evaluations=text.number_of(int(middle[0]), "evaluation"),
                points=100 * middle[1],
            )
        )
    return (*parts, listing(_("Coverage"), {text.period(whole_answer.during): whole_answer}, COVERAGE))


def disputes(answer: Answer) -> Table:
    """How often scores are disputed and changed."""
    return listing(_("Disputes"), {text.period(answer.during): answer}, DISPUTES)


def teams(answer: Answer) -> Chart:
    """The teams' scores as dots have no place here: a bar per team with its n is what the page shows too."""
    return answer.chart("bars_across", {"quality_score": _("Quality score")}, _("Quality score by team"))


def calibrations(answer: Answer) -> tuple[Part, ...]:
    """Agreement in the calibration sessions whose contacts lie in the period."""
    centre, during = answer.asker.centre, answer.during
    known = quality.sessions(centre).filter((pl.col("first_on") < during.until) & (pl.col("last_on") >= during.first))
    if known.is_empty():
        return (_("No calibration session was held on contacts of this period."),)
    parts: list[Part] = []
    for name in known["session"]:
        found = quality.calibration(centre, session=name, scope=answer.asker.scope)
        parts += [_forms(found), _agreement(found), *_evaluators(found)]
    return tuple(parts)


def _forms(found: quality.Calibration) -> Table:
    rows = [
        Row(
            one.form,
            (
                Number(text.count(one.contacts)),
                Number(text.count(one.evaluators)),
                Number(text.share(one.within_ten)),
                Number(
                    _(text.NO_DATA)
                    if one.gap is None
                    else _("{number} points").format(number=text.digits(100 * one.gap, 1))
                ),
                one.reading,
            ),
        )
        for one in found.forms
    ]
    heads = columns(
        _("Contacts"), _("Evaluators"), _("Pairs within 10 points"), _("Mean gap of a pair"), _("Reading of the score")
    )
    return Table(_("Calibration {name}").format(name=found.name), _("Form"), heads, tuple(rows))


def _agreement(found: quality.Calibration) -> Table:
    rows = [
        Row(
            spoken(one.text or one.item),
            (
                Number(text.count(one.contacts)),
                Number(text.share(one.exact)),
                Number(_estimate(one.alpha)),
                Number(_estimate(one.gwet)),
                one.reading,
            ),
        )
        for one in found.items
    ]
    heads = columns(_("Contacts"), _("Alike"), _("Alpha (95 %)"), _("AC1 or AC2 (95 %)"), _("Reading"))
    note = _(
        "Alpha can be relied on from {relies}, is tentative from {tentative}; where an error is rare AC1 is read "
        "instead."
    ).format(relies=text.digits(RELIES, 2), tentative=text.digits(TENTATIVE, 2))
    return Table(_("Agreement by item, {name}").format(name=found.name), _("Item"), heads, tuple(rows), note=note)


def _evaluators(found: quality.Calibration) -> list[Table]:
    if not found.leniency.height:
        return []
    rows = [
        Row(
            str(row["evaluator"]),
            (
                Number(text.count(row["n"])),
                Number(_(text.NO_DATA) if row["effect"] is None else text.digits(100 * row["effect"], 1, sign=True)),
                Number(
                    _(text.NO_DATA)
                    if row["low"] is None
                    else _("{first} to {last}").format(
                        first=text.digits(100 * row["low"], 1, sign=True),
                        last=text.digits(100 * row["high"], 1, sign=True),
                    )
                ),
            ),
        )
        for row in found.leniency.iter_rows(named=True)
    ]
    heads = columns(_("Contacts"), _("Points against the others"), _("Likely (95 %)"))
    return [
        Table(
            _("Evaluators, {name}").format(name=found.name),
            _("Evaluator"),
            heads,
            tuple(rows),
            note=_("Above nought is more lenient."),
        )
    ]


def _estimate(one: Any) -> str:
    if one.value is None:
        return _(text.NO_DATA)
    value, low, high = (None if number is None else text.digits(number, 2) for number in (one.value, one.low, one.high))
    return str(value) if low is None else _("{value} ({low} to {high})").format(value=value, low=low, high=high)


def claims(answer: Answer) -> list[Sentence]:
    """The period's quality in a sentence."""
    score, done = answer.claim("quality_score"), answer.claim("evaluations_done")
    if score.figure.value is None:
        return []
    return [
        Sentence.of(
            _(
                "{done.words} contacts were evaluated; those drawn at random scored {score.words} of what they could "
                "(n {score.n})."
            ),
            done=done,
            score=score,
        )
    ]


def period_months(during: Period) -> list[Key]:
    """The months of a period."""
    found, month = [], Period.month(during.first.year, during.first.month)
    while month.first < during.until:
        found.append((month.first,))
        month = Period.month(month.until.year, month.until.month)
    return list(found)
