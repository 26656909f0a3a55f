"""A packet's quality pages: months, sections, critical errors, evaluators, disputes, and the evidence for all of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from metrics import Centre, Period, Scope, quality, sampling, text
from metrics.language import N_, _, n_
from metrics.parts import Number, Row, Table, columns
from metrics.quality.record import FAILED_CRITICALLY

CLASSES = ("customer", "business", "compliance")
CRITICAL_ERRORS = {
    "customer": N_("Customer-critical errors"),
    "business": N_("Business-critical errors"),
    "compliance": N_("Compliance-critical errors"),
}
CRITICAL = {"customer": N_("customer"), "business": N_("business"), "compliance": N_("compliance")}
KINDS = {
    "random": N_("drawn at random"),
    "targeted": N_("chosen"),
    "complaint": N_("after a complaint"),
    "self": N_("own choice"),
}
MOST_EVALUATIONS = 24


@dataclass(frozen=True)
class Reviewed:
    """Every evaluation, answer and dispute of a period; each packet takes its agent's."""

    evaluations: pl.DataFrame
    answers: pl.DataFrame
    disputes: pl.DataFrame
    draws: tuple[str, ...]

    @classmethod
    def of(cls, centre: Centre, during: Period, *, scope: Scope) -> Reviewed:
        """Read them once for all packets."""
        made = quality.evaluations(centre, during=during, scope=scope)
        kept = made.filter(pl.col("standing") != "calibration")
        # what the case or the phone system calls the contact, else our own number
        named = pl.coalesce("contact_key", pl.col("contact_id").cast(pl.String))
        local = kept.with_columns(
            pl.col("held_at").dt.replace_time_zone("UTC").dt.convert_time_zone(str(centre.timezone)),
            contact_key=named,
        )
        return cls(
            local,
            quality.answers(centre, during=during, scope=scope).with_columns(contact_key=named),
            quality.disputes(centre, during=during, scope=scope),
            tuple(_draw(draw) for draw in sampling.draws(centre.folder, during, sampling.ROUTINE)),
        )

    def agent(self, agent: str) -> Reviewed:
        """The part of one agent."""
        mine = pl.col("agent") == agent
        return Reviewed(
            self.evaluations.filter(mine), self.answers.filter(mine), self.disputes.filter(mine), self.draws
        )


def _draw(draw: dict[str, Any]) -> str:
    committed = _("committed beforehand") if draw["seed_committed_before"] else _("not committed beforehand")
    return _(
        "Drawn for {first} to {last} by HMAC-SHA-256 over the contacts of each agent and month, by queue, "
        "channel and language in proportion: {number} a month from {contacts} contacts; seed {committed}, "
        "SHA-256 {hash}, frame {frame}, version {version}."
    ).format(
        first=draw["from"],
        last=draw["to"],
        number=draw["per_month"],
        contacts=text.count(draw["frame_size"]),
        committed=committed,
        hash=draw["seed_sha256"][:16],
        frame=draw["frame_sha256"][:16],
        version=draw["version"],
    )


def tables(found: Reviewed) -> tuple[Table, ...]:
    """Scores by month and by section, and how far evaluators differ; none where nobody was evaluated."""
    drawn = found.evaluations.filter("is_in_sample")
    if drawn.is_empty():
        return ()
    said = found.answers.filter(pl.col("is_in_sample") & pl.col("is_scored"))
    by_month = _by_month(drawn)
    return (*([_months(by_month)] if by_month.height > 1 else []), _sections(said), _evaluators(drawn, said))


def only_month(found: Reviewed) -> tuple[str, ...]:
    """The mean score of a period of one month, which needs no table by month."""
    drawn = found.evaluations.filter("is_in_sample")
    by_month = _by_month(drawn)
    if by_month.height != 1:
        return ()
    month, n, score = by_month.select("month", "n", "score").row(0)
    return (
        _("Mean score of the contacts drawn at random in {month}: {score} (n {n}).").format(
            month=text.month(month), score=_score(score), n=text.count(n)
        ),
    )


def _by_month(drawn: pl.DataFrame) -> pl.DataFrame:
    return (
        drawn.group_by(month=pl.col("held_on").dt.truncate("1mo"))
        .agg(n=pl.len(), score=pl.col("final_score").mean(), auto=pl.col("is_autofailed").sum(),
             **{one: pl.col(f"{one}_failed").sum() for one in CLASSES})
        .sort("month")
    )  # fmt: skip


def _months(by_month: pl.DataFrame) -> Table:
    rows = [
        Row(
            text.heading(text.month(row["month"])),
            (_n(row["n"]), Number(_score(row["score"])), *(_n(row[one]) for one in CLASSES)),
        )
        for row in by_month.iter_rows(named=True)
    ]
    heads = columns(
        _("Drawn"),
        _("Mean score"),
        *(_(words) for words in CRITICAL_ERRORS.values()),
    )
    return Table(_("By month"), _("Month"), heads, tuple(rows))


def _sections(said: pl.DataFrame) -> Table:
    by_section = (
        said.group_by("section")
        .agg(n=pl.col("is_applicable").sum(), passed=(pl.col("is_applicable") & ~pl.col("failed")).sum(),
             na=pl.col("is_na").sum(), asked=pl.len())
        .sort("section", nulls_last=True)
    )  # fmt: skip
    rows = [
        Row(
            _(str(row["section"] or text.NOT_RECORDED)),
            (
                Number(text.share(row["passed"] / row["n"]) if row["n"] else _(text.NO_DATA)),
                Number(_("{part} of {whole}").format(part=text.count(row["passed"]), whole=text.count(row["n"]))),
                Number(_("{part} of {whole}").format(part=text.count(row["na"]), whole=text.count(row["asked"]))),
            ),
        )
        for row in by_section.iter_rows(named=True)
    ]
    heads = columns(_("Items passed"), _("Of those that applied"), _("Not applicable"))
    return Table(_("By section of the form"), _("Section"), heads, tuple(rows))


def _evaluators(drawn: pl.DataFrame, said: pl.DataFrame) -> Table:
    na = said.group_by("evaluator").agg(na=pl.col("is_na").sum(), asked=pl.len())
    score = pl.col("final_score")
    by_evaluator = (
        drawn.group_by("evaluator")
        .agg(n=pl.len(), score=score.mean(), low=score.min(), high=score.max())
        .join(na, on="evaluator", how="left")
        .sort("evaluator")
    )  # fmt: skip
    rows = [
        Row(
            str(row["evaluator"]),
            (
                _n(row["n"]),
                Number(_score_and_range(row)),
                Number(
                    _("{part} of {whole}").format(part=text.count(row["na"] or 0), whole=text.count(row["asked"] or 0))
                ),
            ),
        )
        for row in by_evaluator.iter_rows(named=True)
    ]
    heads = columns(_("Evaluations"), _("Mean score (lowest to highest)"), _("Not applicable"))
    note = _("How strict each evaluator is was taken out of the quality score above, as far as it can be told.")
    return Table(_("By evaluator"), _("Evaluator"), heads, tuple(rows), note=note)


def _score_and_range(row: dict[str, Any]) -> str:
    if row["n"] == 1 or row["score"] is None:
        return _score(row["score"])
    return _("{score} ({low} to {high})").format(
        score=_score(row["score"]), low=_score(row["low"]), high=_score(row["high"])
    )


def critical_errors(found: Reviewed) -> tuple[str, ...]:
    """Every critical item that failed, with its contact."""
    failed = found.answers.filter(FAILED_CRITICALLY).sort("held_on", "contact_key", "item")
    return tuple(
        _("{day}, contact {contact}: {item} ({critical}).").format(
            day=text.plain_day(row["held_on"]),
            contact=_short(row["contact_key"]),
            item=_(row["text"] or row["item"]),
            critical=_(CRITICAL.get(row["critical_class"], row["critical_class"])),
        )
        for row in failed.iter_rows(named=True)
    ) or (_("No critical error in any evaluation of the period."),)


def disputed(found: Reviewed) -> tuple[str, ...]:
    """Disputes of the period with their outcomes."""
    told = []
    for row in found.disputes.sort("opened_at").iter_rows(named=True):
        outcome = _("not decided yet")
        if row["is_decided"]:
            outcome = _("the score was changed") if row["is_overturned"] else _("the score stands")
        changed = ""
        if row["is_overturned"] and row["score_before"] is not None and row["score_after"] is not None:
            changed = _(", {first} to {last}").format(
                first=_score(row["score_before"]), last=_score(row["score_after"])
            )
        opened = text.plain_day(row["opened_at"].date())
        told.append(
            _("Evaluation of contact {contact}, disputed on {opened}: {outcome}{changed}.").format(
                contact=_short(row["contact_key"]), opened=opened, outcome=outcome, changed=changed
            )
        )
    return tuple(told) or (_("No evaluation was disputed."),)


def in_doubt(found: Reviewed) -> tuple[str, ...]:
    """What a reader must know of scores that may still change."""
    pending = found.disputes.filter(~pl.col("is_decided")).height
    if not pending:
        return ()
    return (
        n_(
            "{number} evaluation is disputed and not decided yet: its score may still change.",
            "{number} evaluations are disputed and not decided yet: their scores may still change.",
            pending,
        ).format(number=text.count(pending)),
    )


def evidence(found: Reviewed) -> Table | None:
    """The evaluated contacts, each with time, evaluator, form version and how it came to be evaluated."""
    if found.evaluations.is_empty():
        return None
    shown = found.evaluations.sort("held_at").head(MOST_EVALUATIONS)
    has_remarks = not shown["is_counted"].all()
    rows = [
        Row(
            _short(row["contact_key"]),
            (
                Number(text.short_moment(row["held_at"])),
                str(row["evaluator"] or _(text.NOT_RECORDED)),
                f"{row['form'] or _(text.NOT_RECORDED)} {row['form_version'] or ''}".strip(),
                _kind(row),
                Number(_score(row["final_score"])),
                *([_remark(row)] if has_remarks else []),
            ),
        )
        for row in shown.iter_rows(named=True)
    ]
    more = found.evaluations.height - shown.height
    drawn = " ".join(found.draws) or _("How contacts were drawn is not in the log of this centre (fairline sample).")
    return Table(
        _("Evaluated contacts"),
        _("Contact"),
        columns(
            _("Time"), _("Evaluator"), _("Form"), _("How chosen"), _("Score"), *([_("Remark")] if has_remarks else [])
        ),
        tuple(rows),
        note=(_("{more} more are not printed. ").format(more=more) if more > 0 else "")
        + _("{drawn} Only those drawn at random enter the score.").format(drawn=drawn),
    )


def _remark(row: dict[str, Any]) -> str:
    why = text.plain_words(row["fault"] or row["standing"] or "")
    return "" if row["is_counted"] else _("not counted: {why}").format(why=why)


def _kind(row: dict[str, Any]) -> str:
    if row["is_in_sample"]:
        return _(KINDS["random"])
    return _(KINDS.get(str(row["selection"] or ""), str(row["selection"] or row["standing"] or "")))


def _short(key: str | None) -> str:
    return (key or _(text.NOT_RECORDED)).rpartition(":")[2]


def _score(score: float | None) -> str:
    return _(text.NO_DATA) if score is None else f"{100 * score:.0f}"


def _n(number: int | None) -> Number:
    return Number(text.count(number or 0))
