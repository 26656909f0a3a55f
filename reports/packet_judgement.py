"""What may be said of a person: the fair comparison's verdicts and the quality score, as a packet prints them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from metrics import Centre, Period, Scope, quality, text
from metrics.compare import Comparison, Outcome, Verdict, adjusted_for, compare_all, verdict_word, words
from metrics.language import N_, _, n_, spoken
from metrics.parts import Number, Row, Table, columns

ITEM_WORDS = {
    "strength": N_("better than others on it"),
    "need": N_("worse than others on it"),
    "as_others": N_("as others"),
}
OUT = (Outcome.better, Outcome.worse)


@dataclass(frozen=True)
class Judgement:
    """The comparisons of a period and everybody's quality score, computed once for all packets."""

    comparisons: tuple[Comparison, ...]
    scores: dict[str, dict[str, Any]]
    answers: pl.DataFrame
    scope: Scope

    @classmethod
    def of(cls, centre: Centre, during: Period, *, scope: Scope) -> Judgement:
        """Compare by every metric that can be compared, and score all who were evaluated."""
        found = tuple(compare_all(centre, during=during, scope=scope).values())
        scores = quality.quality_scores(centre, during=during, scope=scope)
        drawn = pl.col("is_in_sample") & pl.col("is_applicable")
        said = quality.answers(centre, during=during, scope=Scope.whole_centre()).filter(drawn)
        return cls(found, {row["agent"]: row for row in scores.iter_rows(named=True)}, said, scope)

    def items(self, agent: str) -> pl.DataFrame:
        """An agent's items against everybody else's, see `quality.strengths_and_needs`."""
        return quality.needs_among(self.answers, agent, scope=self.scope)


def summary(judgement: Judgement, agent: str) -> str:
    """The verdicts in one sentence."""
    verdicts = [(one.rule.title.lower(), one.verdict(agent)) for one in judgement.comparisons]
    known = [(title, verdict) for title, verdict in verdicts if verdict is not None]
    if not known:
        return _("There is nothing to compare: no contacts of the kinds that are compared are on record.")
    out = [f"{title} ({verdict_word(verdict)})" for title, verdict in known if verdict.verdict in OUT]
    cleared = [title for title, verdict in known if verdict.verdict is Outcome.cleared]
    unknown = [title for title, verdict in known if verdict.verdict not in (*OUT, Outcome.cleared)]
    parts = [
        _("What stands out, chance and case mix allowed for: {names}").format(names=text.listed(out))
        if out
        else _("Nothing stands out")
    ]
    parts += [_("no sign of a problem in {names}").format(names=text.listed(cleared))] if cleared else []
    parts += [_("it cannot be said for {names}").format(names=text.listed(unknown))] if unknown else []
    return "; ".join(parts) + "."


def verdicts(judgement: Judgement, agent: str) -> Table:
    """Each comparison: value, expected of the same contacts, difference with its interval, and the verdict's word."""
    rows = []
    for one in judgement.comparisons:
        verdict = one.verdict(agent)
        if verdict is None:
            continue
        cells = (
            Number(_with_likely(one, verdict)),
            Number(words.value(one.rule, verdict.expected)),
            Number(words.difference(one.rule, verdict)),
            verdict_word(verdict),
        )
        rows.append(Row(one.rule.title, cells, aside=f"n {text.count(verdict.n)}"))
    return Table(
        caption=_("Compared with what the same contacts would have given anyone"),
        heading=_("Measure"),
        columns=columns(_("Value (likely, 95 %)"), _("Expected"), _("Difference (95 %)"), _("Verdict")),
        rows=tuple(rows),
        n="apart",
        note=_(
            "Expected is what all agents together would have had on the same contacts. Everybody is judged at "
            "once, and a flag needs more than chance and more than half the difference that one would act on."
        ),
    )


def _with_likely(one: Comparison, verdict: Verdict) -> str:
    """The value, and between which values the person's own lies, on the same contacts as expected is of."""
    value = words.value(one.rule, verdict.value)
    if verdict.expected is None or verdict.low is None or verdict.high is None:
        return value
    return _("{value} ({likely})").format(value=value, likely=words.likely(one.rule, verdict))


def sentences(judgement: Judgement, agent: str) -> tuple[str, ...]:
    """What each verdict means, and at the end what was adjusted for."""
    told = [one for one in judgement.comparisons if one.verdict(agent) is not None]
    by_adjusters: dict[str, list[str]] = {}
    for one in told:
        by_adjusters.setdefault(adjusted_for(one.rule), []).append(one.rule.title.lower())
    adjusted = [
        _("{names} for {adjusters}").format(names=text.listed(titles), adjusters=adjusters)
        for adjusters, titles in by_adjusters.items()
    ]
    closing = [_("Adjusted: {measures}.").format(measures="; ".join(adjusted))] if adjusted else []
    return (*(_headed(one.rule.title, one.sentence(agent)) for one in told), *closing)


def _headed(title: str, sentence: str) -> str:
    """A sentence under what it is about, which some begin with."""
    return sentence if sentence.startswith(title) else f"{title}: {sentence}"


def quality_sentences(judgement: Judgement, agent: str, evaluations: int) -> tuple[str, ...]:
    """The quality score with its interval, critical errors by class, and what the packet rests on."""
    row = judgement.scores.get(agent)
    if row is None:
        if not evaluations:
            return (_("No quality evaluations of contacts of this period are on record."),)
        told = n_(
            "{number} quality evaluation is on record, none of them drawn at random: they give no score.",
            "{number} quality evaluations are on record, none of them drawn at random: they give no score.",
            evaluations,
        )
        return (told.format(number=text.count(evaluations)),)
    return (
        _("Quality score: {score}").format(score=quality.score_sentence(row)),
        *quality.critical_sentences(row),
    )


def needs(frame: pl.DataFrame) -> tuple[str, ...]:
    """The items that somebody needs to work on, more than chance explains, of `Judgement.items`."""
    return tuple(_(str(row["text"] or row["item"])) for row in frame.iter_rows(named=True) if row["verdict"] == "need")


def items(frame: pl.DataFrame) -> Table | None:
    """The items of the forms, those most in need first, of `Judgement.items`; null where nobody was evaluated."""
    told = frame.filter(frame["verdict"] != "too_few")
    if told.is_empty():
        return None
    rows = [Row(_(str(row["text"] or row["item"])), _item_cells(row)) for row in told.iter_rows(named=True)]
    return Table(
        caption=_("Items, those most in need first"),
        heading=_("Item"),
        columns=columns(_("Passed"), _("Likely"), _("Others"), _("Against others")),
        rows=tuple(rows),
        note=_(
            "Contacts drawn at random only. Many items are looked at, so a word that sets somebody apart needs "
            "more than a small difference."
        ),
    )


def _item_cells(row: dict[str, Any]) -> tuple[str, ...]:
    return (
        Number(_("{part} of {whole}").format(part=text.count(row["passed"]), whole=text.count(row["n"]))),
        Number(_("{first} to {last}").format(first=text.share(row["low"]), last=text.share(row["high"]))),
        Number(text.share(row["others_rate"])),
        spoken(ITEM_WORDS.get(row["verdict"], row["verdict"])),
    )
