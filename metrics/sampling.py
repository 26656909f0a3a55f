"""The evaluators' work list: drawn by a seed that nobody can choose afterwards, stratified, written down, repeatable.

Within each agent and month the contacts are parted by queue, channel and language in proportion to their number; within
a part they are ordered by HMAC-SHA-256 of the seed and the contact's key, and the first are taken. The order depends on
nothing but seed and key: not on the order of rows, not on the machine, not on what others are drawn.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from pathlib import Path
from typing import Any

import polars as pl

from metrics import text
from metrics.centre import Centre
from metrics.period import Period
from metrics.scope import Scope
from sql import WrongUse

ROUTINE, FOLLOW_UP = "routine", "follow_up"
STAGES = (ROUTINE, FOLLOW_UP)
# contacts per agent and month: 45 a quarter on average, since few are on the watch list
PER_MONTH = {ROUTINE: 10, FOLLOW_UP: 30}
# how far scores of one agent usually scatter, for what a number of reviews buys
SCORE_SD = 13
# how closely a score is told that people ask for, in points either way
WORTH_ASKING = (5, 3)
STRATA = ("queue", "channel", "language")
FOLDER = "samples"
LISTED = (
    "agent_id", "month", "place", "contact_id", "call_id", "completed_local", *STRATA, "inclusion_probability",
)  # fmt: skip


@dataclass(frozen=True)
class Draw:
    """A work list with what makes it repeatable: the seed, its hash, the frame's hash, and which version this is."""

    stage: str
    during: Period
    per_month: int
    seed: str
    committed: bool
    frame_hash: str
    frame_size: int
    version: int
    contacts: pl.DataFrame

    @property
    def seed_hash(self) -> str:
        """What is published of the seed before the period begins."""
        return hashlib.sha256(self.seed.encode()).hexdigest()

    @property
    def summary(self) -> str:
        """What was drawn, what it buys, and how it can be repeated, in two lines."""
        agents = self.contacts["agent_id"].n_unique()
        each = self.contacts.height / agents if agents else 0
        buys = ""
        if each:
            buys = f" {each:.0f} reviews of an agent tell the score to about {reach(each):.0f} points either way."
            cost = text.listed([f"{points} points take {reviews_for(points)}" for points in WORTH_ASKING])
            buys += f" To tell it closer: {cost}."
        committed = "committed beforehand" if self.committed else "not committed beforehand"
        return (
            f"{text.number_of(self.contacts.height, 'contact')} of {text.number_of(agents, 'agent')} "
            f"from {text.count(self.frame_size)}.{buys}\n"
            f"Seed {committed}, SHA-256 {self.seed_hash[:12]}; frame {self.frame_hash[:12]}, version {self.version}."
        )

    def as_dict(self) -> dict[str, Any]:
        """Plain data, for JSON and for the log."""
        return {
            "stage": self.stage,
            "from": self.during.first.isoformat(),
            "to": self.during.until.isoformat(),
            "per_month": self.per_month,
            "seed": self.seed,
            "seed_sha256": self.seed_hash,
            "seed_committed_before": self.committed,
            "frame_sha256": self.frame_hash,
            "frame_size": self.frame_size,
            "version": self.version,
            "contacts": self.contacts.with_columns(
                pl.col("month").cast(pl.String), pl.col("completed_local").dt.to_string("iso:strict")
            ).to_dicts(),
        }


def reach(reviews: float) -> float:
    """How closely so many reviews of an agent tell the score: points either way, 95 in 100 times.

    >>> round(reach(10)), round(reach(26))
    (8, 5)
    """
    return float(1.96 * SCORE_SD / max(reviews, 1) ** 0.5)


def reviews_for(points: float) -> int:
    """How many reviews of an agent tell the score to within so many points either way (M69, Cochran 1977).

    >>> [reviews_for(points) for points in (5, 3, 2)]
    [26, 73, 163]
    """
    return ceil((1.96 * SCORE_SD / points) ** 2)


def commit(folder: Path, during: Period) -> str:
    """Choose the seed of a period beforehand and keep it; returns its SHA-256, which may be published.

    The seed of a period is chosen once; asking again gives the same hash.
    """
    seed = _committed(folder, during)
    if seed is None:
        seed = secrets.token_hex(16)
        _write(_seed_path(folder, during), json.dumps({"seed": seed}) + "\n")
    return hashlib.sha256(seed.encode()).hexdigest()


def sample(
    centre: Centre,
    *,
    during: Period,
    scope: Scope,
    stage: str = ROUTINE,
    per_month: int | None = None,
    seed: str | None = None,
    agents: Sequence[str] | None = None,
) -> Draw:
    """Draw contacts to review; the same frame gives the same draw, and each is kept in the centre's `samples/`.

    The follow-up takes contacts that nobody reviewed and no draw took, of the `agents` on the watch list. Without a
    committed seed or one that is given, the period itself is the seed, and the log says so. Raises WrongUse for an
    unknown stage, or a number of contacts below 1.
    """
    if stage not in STAGES:
        raise WrongUse(f"There is no stage {stage!r}. Write --stage {' or --stage '.join(STAGES)}.")
    wanted = PER_MONTH[stage] if per_month is None else per_month
    if wanted < 1:
        raise WrongUse(f"{wanted} contacts per agent and month came; at least 1 is needed.")
    frame = centre.named("facts/sample_frame", first=during.first, until=during.until)
    if stage == FOLLOW_UP:
        taken = {row["contact_id"] for draw in draws(centre.folder, during, ROUTINE) for row in draw["contacts"]}
        earlier = {row["contact_id"] for draw in draws(centre.folder, during, FOLLOW_UP) for row in draw["contacts"]}
        reviewed = pl.col("is_reviewed") & ~pl.col("contact_id").is_in(list(earlier))
        frame = frame.filter(~reviewed & ~pl.col("contact_id").is_in(list(taken)))
        frame = frame.filter(pl.col("agent_id").is_in(list(agents or ())))
    frame = frame.drop("is_reviewed")
    kept = _committed(centre.folder, during)
    chosen = seed or kept or f"{during.first}/{during.until}"
    digest = hashlib.sha256("\n".join([*frame["contact_key"], *sorted(agents or ())]).encode()).hexdigest()
    drawn = drawn_contacts(frame, f"{stage}:{chosen}", wanted)
    version = _version(centre.folder, during, stage, digest, wanted, chosen)
    committed = kept is not None and chosen == kept
    draw = Draw(stage, during, wanted, chosen, committed, digest, frame.height, version, drawn)
    _write(_draw_path(centre.folder, during, stage, version), json.dumps(draw.as_dict(), indent=1) + "\n")
    return _in_scope(draw, scope)


def drawn_contacts(frame: pl.DataFrame, seed: str, per_month: int) -> pl.DataFrame:
    """The contacts to review, by agent, month and place in the draw, each with its inclusion probability."""
    keyed = frame.with_columns(
        order=keyed_order(seed, frame["contact_key"]),
        stratum=pl.concat_str(STRATA, separator="\x1f"),
    ).sort("agent_id", "month", "order")
    parts = [
        _of_agent_month(group, per_month) for _, group in keyed.group_by(["agent_id", "month"], maintain_order=True)
    ]
    if not parts:
        return keyed.with_columns(place=pl.lit(0), inclusion_probability=pl.lit(0.0)).select(LISTED)
    return pl.concat(parts).select(LISTED)


def _of_agent_month(group: pl.DataFrame, per_month: int) -> pl.DataFrame:
    sizes = dict(group.group_by("stratum").len().sort("stratum").iter_rows())
    shares = allocated(sizes, min(per_month, group.height))
    ranked = group.with_columns(rank=pl.int_range(pl.len()).over("stratum"))
    takes = pl.col("stratum").replace_strict(shares, return_dtype=pl.Int64)
    chance = (takes / pl.col("stratum").replace_strict(sizes, return_dtype=pl.Int64)).round(6)
    drawn = ranked.with_columns(inclusion_probability=chance).filter(pl.col("rank") < takes)
    return drawn.sort("order").with_columns(place=pl.int_range(1, pl.len() + 1))


def allocated(sizes: Mapping[str, int], wanted: int) -> dict[str, int]:
    """How many of each part: in proportion, by largest remainder, at least one each where there is room for that.

    >>> allocated({"general": 70, "spanish": 25, "water": 5}, 10)
    {'general': 7, 'spanish': 2, 'water': 1}
    """
    total = sum(sizes.values())
    least = 1 if wanted >= len(sizes) else 0
    exact = {name: wanted * size / total for name, size in sizes.items()}
    found = {name: min(sizes[name], max(least, int(share))) for name, share in exact.items()}
    while sum(found.values()) > wanted:
        name = max((name for name in found if found[name] > least), key=lambda one: (found[one] - exact[one], one))
        found[name] -= 1
    while sum(found.values()) < wanted:
        name = max(
            (name for name in found if found[name] < sizes[name]), key=lambda one: (exact[one] - found[one], one)
        )
        found[name] += 1
    return found


def keyed_order(seed: str, keys: pl.Series) -> pl.Series:
    """What contacts are put in order by: nobody can choose it, and it depends on nothing but seed and key."""
    return pl.Series([hmac.digest(seed.encode(), key.encode(), "sha256").hex() for key in keys], dtype=pl.String)


def draws(folder: Path, during: Period, stage: str) -> Iterator[dict[str, Any]]:
    """All draws of a stage whose period touches a period, from the log."""
    for path in sorted((folder / FOLDER).glob(f"*_{stage}_v*.json")):
        match = re.match(r"(\d{4}-\d\d-\d\d)_(\d{4}-\d\d-\d\d)_", path.name)
        if match and date.fromisoformat(match[1]) < during.until and during.first < date.fromisoformat(match[2]):
            yield json.loads(path.read_text(encoding="utf-8"))


def follow_up_draws(folder: Path, during: Period) -> dict[int, str]:
    """Contacts drawn for fresh reviews with the agents that they decide about."""
    return {row["contact_id"]: row["agent_id"] for draw in draws(folder, during, FOLLOW_UP) for row in draw["contacts"]}


def _version(folder: Path, during: Period, stage: str, digest: str, per_month: int, seed: str) -> int:
    """The number of the version with this frame, number and seed, or the next one."""
    version = 1
    while (path := _draw_path(folder, during, stage, version)).exists():
        kept = json.loads(path.read_text(encoding="utf-8"))
        if (kept["frame_sha256"], kept["per_month"], kept["seed"]) == (digest, per_month, seed):
            return version
        version += 1
    return version


def _draw_path(folder: Path, during: Period, stage: str, version: int) -> Path:
    return folder / FOLDER / f"{during.first}_{during.until}_{stage}_v{version}.json"


def _seed_path(folder: Path, during: Period) -> Path:
    return folder / FOLDER / f"{during.first}_{during.until}_seed.json"


def _committed(folder: Path, during: Period) -> str | None:
    path = _seed_path(folder, during)
    return str(json.loads(path.read_text(encoding="utf-8"))["seed"]) if path.exists() else None


def _write(path: Path, content: str) -> None:
    try:
        path.parent.mkdir(exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            path.write_text(content, encoding="utf-8")
    except OSError:
        raise WrongUse(f"{path.parent} cannot be written; draws are logged there. Make it writable.") from None


def _in_scope(draw: Draw, scope: Scope) -> Draw:
    if scope.agents is None:
        return draw
    contacts = draw.contacts.filter(pl.col("agent_id").is_in(sorted(scope.agents)))
    return Draw(**{**draw.__dict__, "contacts": contacts})
