"""The contacts that a comparison rests on, read from the warehouse, and what was left out and why."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from metrics.centre import Centre
from metrics.compare.rules import Rule
from metrics.compare.stages import FOLLOW_UP, ROUTINE
from metrics.period import Period
from sql import WrongUse

DERIVED = {
    "week": pl.col("day").dt.truncate("1w"),
    "month": pl.col("day").dt.truncate("1mo"),
    "weekday": pl.col("day").dt.weekday(),
    "hour_band": pl.col("hour") // 6,
}

PART = 50_000


@dataclass(frozen=True)
class Read:
    """Compared contacts with `agent`, `day`, `value` and the adjusters' columns, and the counts of those left out."""

    contacts: pl.DataFrame
    excluded: dict[str, int]

    @property
    def own(self) -> int:
        """How many of them are some agent's own, and not there to tell evaluators apart."""
        if "unit" not in self.contacts.columns:
            return self.contacts.height
        return self.contacts["unit"].null_count()

    @property
    def digest(self) -> str:
        """What tells these contacts from any others."""
        found = hashlib.sha256(self.contacts.clear().write_csv().encode())
        # a part at a time: the whole as text takes more memory than the contacts themselves
        for part in self.contacts.iter_slices(PART):
            found.update(part.write_csv(include_header=False).encode())
        return found.hexdigest()


def read_contacts(centre: Centre, rule: Rule, during: Period, *, follow_ups: Collection[int] = ()) -> Read:
    """The contacts of a period for a comparison; reviews of the contacts in `follow_ups` are fresh ones.

    All agents' contacts are read, whoever asks: the others are the yardstick. Raises WrongUse where the rule of a
    centre's own cannot be applied.
    """
    rows = centre.asked(f"facts/{rule.contacts}", first=during.first, until=during.until, **rule.parameters)
    rows = rows.with_columns(DERIVED[name].alias(name) for name in rule.columns if name in DERIVED)
    try:
        labelled = rows.with_columns(left_out=_left_out(rule), value=pl.sql_expr(rule.value).cast(pl.Float64))
    except pl.exceptions.PolarsError as error:
        fault = str(error).splitlines()[0]
        raise WrongUse(f"The comparison {rule.name} cannot be made: {fault}. Correct its value or excluded.") from None
    labelled = labelled.with_columns(
        left_out=pl.coalesce("left_out", pl.when(pl.col("value").is_null()).then(pl.lit("no value")))
    )
    counts = dict(labelled.filter(pl.col("left_out").is_not_null()).group_by("left_out").len().iter_rows())
    excluded = {reason: int(counts.get(reason, 0)) for reason in (*rule.excluded, "no value")}
    # at once: what is left out is not copied, nor are columns that nothing rests on
    kept = labelled.lazy().filter(pl.col("left_out").is_null()).select(_chosen(rule, rows.columns, follow_ups))
    return Read(kept.collect(), excluded)


def _left_out(rule: Rule) -> pl.Expr:
    """The first reason for which a row is left out, null where there is none."""
    reasons = [
        pl.when(pl.sql_expr(condition).fill_null(value=False)).then(pl.lit(reason))
        for reason, condition in rule.excluded.items()
    ]
    return pl.coalesce(*reasons) if reasons else pl.lit(None, pl.String)


def _chosen(rule: Rule, there: Collection[str], follow_ups: Collection[int]) -> list[pl.Expr]:
    columns = dict.fromkeys(["row_id", "agent", "day", "value", *rule.columns, "site", "shift", "language", "queue"])
    chosen = [pl.col(name) for name in columns]
    if "is_calibration" not in there:
        return chosen
    fresh = pl.col("contact_id").is_in(list(follow_ups))
    return [
        *chosen,
        # a contact that several evaluators scored belongs to no agent here; it tells their severity apart
        pl.when("is_calibration").then(pl.col("contact_id").cast(pl.String)).alias("unit"),
        pl.when(fresh).then(pl.lit(FOLLOW_UP)).otherwise(pl.lit(ROUTINE)).alias("stage"),
    ]
