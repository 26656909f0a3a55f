"""One agent's reviews as a person reads them: sections against everybody else's, critical errors, each review."""

from __future__ import annotations

import polars as pl

from metrics.quality.person import compared
from metrics.scope import Scope

# the answers of critical items that failed, in reviews that count
FAILED_CRITICALLY = (
    pl.col("is_counted") & pl.col("failed") & pl.col("is_applicable") & (pl.col("critical_class") != "none")
)


def sections_among(said: pl.DataFrame, agent: str, *, scope: Scope) -> pl.DataFrame:
    """An agent's sections against everybody else's on the same forms, in the order of the form, one row a section.

    `form`, `section`, `n`, `passed`, `rate`, `low`, `high` (Wilson), `others_n`, `others_passed`, `others_rate`, `q`,
    `verdict` as `needs_among` has them; `said` are applicable answers of random draws, of everybody.
    """
    allowed = [pl.col(name).is_in(sorted(values)) for name, values in scope.limits().items()]
    mine = pl.col("agent") == agent
    own = said.filter(mine, *allowed)
    order = {
        pair: place for place, pair in enumerate(said.select("form", "section").unique(maintain_order=True).rows())
    }
    found = compared(own, said.filter(~mine), ["form", "section"])
    places = [order[row] for row in found.select("form", "section").iter_rows()]
    return found.with_columns(pl.Series("place", places, dtype=pl.Int64)).sort("place").drop("place", "text")


def critical_errors(answers: pl.DataFrame, agent: str) -> pl.DataFrame:
    """Every critical item that an agent failed in a review that counts, the newest first."""
    return answers.filter(pl.col("agent") == agent, FAILED_CRITICALLY).sort(
        "held_on", "contact_key", "item", descending=[True, False, False]
    )
