"""Quality on paper: score, critical errors, items, coverage, agreement and disputes, each as a part of a report."""

from __future__ import annotations

from typing import Any

import polars as pl

from metrics import Key, Period, quality, text
from metrics.answers import Answer, Sentence, listing, table
from metrics.charts import Interval
from metrics.parts import Chart, Number, Part, Ranges, Row, Table, columns

ACCURACY = {
    "customer_critical_accuracy": "Customer",
    "business_critical_accuracy": "Business",
    "compliance_critical_accuracy": "Compliance",
}
SCORES = {
    "evaluations_done": "Evaluations",
    "quality_score": "Quality score",
    "quality_score_raw": "Before auto-fails",
    "auto_fail_rate": "Auto-fails",
    **{name: f"{title}-critical right" for name, title in ACCURACY.items()},
    "item_na_rate": "Not applicable",
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
ITEM_VERDICTS = {"strength": "better than others", "need": "worse than others"}
MOST_ITEMS = 40


def whole(answer: Answer) -> tuple[Part, ...]:
    """The centre's score with its interval, and what it says nothing about."""
    found = quality.whole_score(answer.asker.centre, during=answer.during, scope=answer.asker.scope)
    if found.score is None:
        return ("No contact of this period was drawn at random and evaluated: there is no quality score.",)
    score = f"{100 * found.score:.0f} of 100"
    likely = f" (likely {100 * found.low:.0f} to {100 * found.high:.0f})" if found.low and found.high else ""
    return (
        f"The quality score is {score}{likely}: {text.number_of(found.n, 'evaluation')} of "
        f"{text.number_of(found.agents, 'agent')} drawn at random, each weighted by the contacts that the agent "
        f"handled. They cover {text.share(found.covered)} of the contacts handled; of the rest nothing is known. "
        "Score, critical errors and handle time stand side by side and are never blended.",
    )


def critical(answer: Answer) -> tuple[Part, ...]:
    """Right in each critical class, with what chance leaves open."""
    figures = [(name, title, answer.figure(name)) for name, title in ACCURACY.items()]
    known = [(name, title, figure) for name, title, figure in figures if figure.n]
    if not known:
        return ()
    ends = quality.with_interval(
        pl.DataFrame({"right": [one.numerator for *_, one in known], "n": [one.n for *_, one in known]}), "right", "n"
    ).select("low", "high").rows()  # fmt: skip
    rows = [
        Interval(title, figure.value, end[0], end[1], f"{figure.words} of {text.count(figure.n)}")
        for (_, title, figure), end in zip(known, ends, strict=True)
    ]
    worst = min(known, key=lambda one: one[2].value or 0)
    sentence = f"Without a critical error: fewest in the {worst[1].lower()} class, {worst[2].words} of contacts"
    return (Ranges(sentence, tuple(rows), known[0][2].metric, "Contacts without a critical error (%)"),)


def course(months: Answer, keys: list[Key]) -> tuple[Part, ...]:
    """Scores month by month, each with its n."""
    label = lambda key: text.dimension_value("month", key[0])  # noqa: E731
    return (table("By month", months.columns(SCORES), keys=keys, label=label, heading="Month", total="Together"),)


def items(answer: Answer) -> Table | str:
    """Every item of the forms with its pass rate and interval, those passed least first."""
    said = quality.answers(answer.asker.centre, during=answer.during, scope=answer.asker.scope)
    drawn = said.filter(pl.col("is_in_sample") & pl.col("is_scored"))
    applied = drawn.filter("is_applicable")
    if applied.is_empty():
        return "No item of a form was answered for a contact drawn at random."
    keys = ["form", "section", "item"]
    rates = applied.group_by(keys).agg(
        pl.col("text").last(), pl.col("critical_class").last(), n=pl.len().cast(pl.Int64),
        passed=(~pl.col("failed")).sum().cast(pl.Int64),
    )  # fmt: skip
    left_out = drawn.group_by(keys).agg(asked=pl.len(), na=pl.col("is_na").sum())
    frame = quality.with_interval(rates, "passed", "n").join(left_out, on=keys).sort(["rate", *keys])
    rows = [Row(str(row["text"] or row["item"]), _item(row)) for row in frame.head(MOST_ITEMS).iter_rows(named=True)]
    return Table(
        caption="Items, those passed least first",
        heading="Item",
        columns=columns("Section", "Critical", "Passed", "Likely", "Not applicable"),
        rows=tuple(rows),
        note="Of contacts drawn at random. Likely is the range that chance leaves (95 %, Wilson)."
        + (f" The {MOST_ITEMS} passed least of {frame.height}." if frame.height > MOST_ITEMS else ""),
    )


def _item(row: dict[str, Any]) -> tuple[str, ...]:
    return (
        str(row["section"] or ""),
        "" if row["critical_class"] in (None, "none") else str(row["critical_class"]),
        Number(f"{text.share(row['rate'])} of {text.count(row['n'])}"),
        Number(f"{text.share(row['low'])} to {text.share(row['high'])}"),
        Number(f"{text.count(row['na'])} of {text.count(row['asked'])}"),
    )


def needs(answer: Answer) -> Table | str:
    """Where a team answers an item otherwise than all the others; nothing else is a training need."""
    frame = quality.training_needs(answer.asker.centre, during=answer.during, scope=answer.asker.scope)
    told = frame.filter(pl.col("verdict").is_in(["need", "strength"]))
    if told.is_empty():
        cells = text.number_of(frame.height, "pair of team and item", "pairs of teams and items")
        return f"No team stands out on any item: {cells} were looked at, chance allowed for."
    rows = [
        Row(
            str(row["text"] or row["item"]),
            (
                str(row["team"]),
                Number(f"{text.share(row['rate'])} of {text.count(row['n'])}"),
                Number(f"{text.share(row['others_rate'])} of {text.count(row['others_n'])}"),
                ITEM_VERDICTS[row["verdict"]],
            ),
        )
        for row in told.iter_rows(named=True)
    ]
    return Table(
        "Teams that stand out on an item", "Item", columns("Team", "Passed", "Others", "Against others"), tuple(rows)
    )


def coverage(answer: Answer, whole_answer: Answer) -> tuple[Part, ...]:
    """How much was looked at, and what that can tell of a person."""
    frame = quality.coverage(answer.asker.centre, during=answer.during, scope=answer.asker.scope)
    parts: list[Part] = []
    drawn = frame.filter(pl.col("drawn") > 0)
    if drawn.height:
        parts.append(
            f"{text.number_of(drawn.height, 'agent')} of {text.count(frame.height)} who handled contacts had one drawn "
            f"at random; the middle agent had {text.number_of(int(drawn['drawn'].median() or 0), 'evaluation')}, which "  # type: ignore[arg-type]
            f"tells a score to about {100 * float(drawn['half_width'].median() or 0):.0f} points either way."  # type: ignore[arg-type]
        )
    return (*parts, listing("Coverage", {text.period(whole_answer.during): whole_answer}, COVERAGE))


def disputes(answer: Answer) -> Table:
    """How often scores are disputed and changed."""
    return listing("Disputes", {text.period(answer.during): answer}, DISPUTES)


def teams(answer: Answer) -> Chart:
    """The teams' scores as dots have no place here: a bar per team with its n is what the page shows too."""
    return answer.chart("bars_across", {"quality_score": "Quality score"}, "Quality score by team")


def calibrations(answer: Answer) -> tuple[Part, ...]:
    """Agreement in the calibration sessions whose contacts lie in the period."""
    centre, during = answer.asker.centre, answer.during
    known = quality.sessions(centre).filter((pl.col("first_on") < during.until) & (pl.col("last_on") >= during.first))
    if known.is_empty():
        return ("No calibration session was held on contacts of this period.",)
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
                Number(text.NO_DATA if one.gap is None else f"{100 * one.gap:.1f} points"),
                one.reading,
            ),
        )
        for one in found.forms
    ]
    heads = columns("Contacts", "Evaluators", "Pairs within 10 points", "Mean gap of a pair", "Reading of the score")
    return Table(f"Calibration {found.name}", "Form", heads, tuple(rows))


def _agreement(found: quality.Calibration) -> Table:
    rows = [
        Row(
            one.text or one.item,
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
    heads = columns("Contacts", "Alike", "Alpha (95 %)", "AC1 or AC2 (95 %)", "Reading")
    note = "Alpha can be relied on from 0.80, is tentative from 0.67; where an error is rare AC1 is read instead."
    return Table(f"Agreement by item, {found.name}", "Item", heads, tuple(rows), note=note)


def _evaluators(found: quality.Calibration) -> list[Table]:
    if not found.leniency.height:
        return []
    rows = [
        Row(
            str(row["evaluator"]),
            (
                Number(text.count(row["n"])),
                Number(text.NO_DATA if row["effect"] is None else f"{100 * row['effect']:+.1f}"),
                Number(text.NO_DATA if row["low"] is None else f"{100 * row['low']:+.1f} to {100 * row['high']:+.1f}"),
            ),
        )
        for row in found.leniency.iter_rows(named=True)
    ]
    heads = columns("Contacts", "Points against the others", "Likely (95 %)")
    return [Table(f"Evaluators, {found.name}", "Evaluator", heads, tuple(rows), note="Above nought is more lenient.")]


def _estimate(one: Any) -> str:
    if one.value is None:
        return text.NO_DATA
    return f"{one.value:.2f}" if one.low is None else f"{one.value:.2f} ({one.low:.2f} to {one.high:.2f})"


def claims(answer: Answer) -> list[Sentence]:
    """The period's quality in a sentence."""
    score, done = answer.claim("quality_score"), answer.claim("evaluations_done")
    if score.figure.value is None:
        return []
    return [
        Sentence.of(
            "{done.words} contacts were evaluated; those drawn at random scored {score.words} of what they could "
            "(n {score.n}).",
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
