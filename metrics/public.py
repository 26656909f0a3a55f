"""What may be handed to the public: figures that no person can be told from, with a manifest of what was left out."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from typing import Any

import polars as pl

from metrics.asker import Asker
from metrics.availability import unavailable
from metrics.centre import Centre
from metrics.export import frame_text
from metrics.figures import measure
from metrics.language import N_
from metrics.period import Period
from metrics.scope import Scope

# a figure that fewer contacts or requests stand behind could tell of a person
FEWEST = 10
WITHHELD = N_("withheld")
CONTACTS = ("contacts_offered", "contacts_answered", "abandon_rate", "service_level", "average_speed_of_answer")
REQUESTS = ("requests_created", "requests_closed", "on_time_closure_rate")
# the figures by what they are parted by; nobody's name, team or number is among it
PARTS = {"queue": CONTACTS, "department": REQUESTS}
LEFT_OUT = {
    N_("agents, teams, shifts and sites"): N_("employees are not told apart"),
    N_("evaluations, disputes, coaching and comparisons of people"): N_("personnel records"),
    N_("callers' numbers, also as keyed hashes"): N_("residents are not told apart"),
    N_("notes, comments, transcripts and free text"): N_("may name people and places"),
    N_("rows of single contacts and requests"): N_("only totals leave"),
    N_("times finer than a month"): N_("a single contact could be recognised by its moment"),
}
COLUMNS = ("month", "parted_by", "part", "figure", "metric", "value", "n", "note")


@dataclass(frozen=True)
class PublicRecord:
    """The figures that may leave, and the manifest: period, snapshot, definitions, what was withheld or left out."""

    figures: pl.DataFrame
    manifest: dict[str, Any]

    def as_zip(self) -> bytes:
        """Both as one file; the same figures give the same bytes."""
        buffer = io.BytesIO()
        manifest = json.dumps(self.manifest, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in (("figures.csv", frame_text(self.figures, "csv")), ("manifest.json", manifest)):
                archive.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), content)
        return buffer.getvalue()


def public_record(centre: Centre, *, during: Period, scope: Scope) -> PublicRecord:
    """The public's figures of a period by month and queue, and by month and department.

    A figure behind which fewer than ten stand is withheld, and where a count is the only one withheld of its month, the
    next smallest too, so that no subtraction gives it back. Asks no more than the totals that the scope may see.
    """
    narrow = Scope(teams=frozenset(), sees_totals=not scope.limits() or scope.sees_totals)
    ask = Asker(centre, narrow)
    frames = [_part(ask, dimension, names, during) for dimension, names in PARTS.items()]
    figures = pl.concat([frame for frame in frames if frame.height], how="vertical") if any(
        frame.height for frame in frames
    ) else pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))  # fmt: skip
    used = [name for names in PARTS.values() for name in names]
    return PublicRecord(
        figures,
        {
            "centre": centre.name,
            "first_day": during.first.isoformat(),
            "last_day": during.last.isoformat(),
            "snapshot": centre.snapshot,
            "fewest_behind_a_figure": FEWEST,
            "figures": figures.height,
            "withheld": figures.filter(pl.col("value") == WITHHELD).height,
            "left_out": LEFT_OUT,
            "not_available": unavailable(centre, used),
            "definitions": {
                one.name: {"id": one.id, "version": one.version, "title": one.title}
                for one in (centre.catalogue.metric(name) for name in used)
            },
        },
    )


def _part(ask: Asker, dimension: str, names: tuple[str, ...], during: Period) -> pl.DataFrame:
    """Figures by month and one dimension, those withheld marked."""
    known = [name for name in names if name not in unavailable(ask.centre, names)]
    if not known:
        return pl.DataFrame()
    frame = measure(ask.centre, known, by=["month", dimension], during=during, scope=ask.scope)
    # a share gives its parts away: both the counted and the others must be many, or none at all
    others = (pl.col("denominator") - pl.col("numerator")).abs()
    is_share = pl.col("metric").is_in([name for name in known if ask.metric(name).unit == "share"])
    few = (pl.col("n") < FEWEST) | (is_share & (_is_few("numerator") | ((others > 0) & (others < FEWEST))))
    marked = frame.with_columns(few.fill_null(value=False).alias("few"))
    lone = (pl.col("few").sum().over("metric", "month") == 1) & (pl.len().over("metric", "month") > 1)
    smallest = pl.col("n").filter(~pl.col("few")).min().over("metric", "month")
    marked = marked.with_columns(
        (pl.col("few") | (lone & (pl.col("n") == smallest))).fill_null(value=True).alias("few")
    )
    rows = [_row(ask, dimension, row) for row in marked.iter_rows(named=True)]
    return pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String))


def _is_few(column: str) -> pl.Expr:
    return (pl.col(column) > 0) & (pl.col(column) < FEWEST)


def _row(ask: Asker, dimension: str, row: dict[str, Any]) -> dict[str, str | None]:
    held = row["few"]
    return {
        "month": f"{row['month']:%Y-%m}",
        "parted_by": dimension,
        "part": ask.called(dimension, row[dimension]),
        "figure": ask.metric(row["metric"]).title,
        "metric": row["metric"],
        "value": WITHHELD if held else (None if row["value"] is None else f"{row['value']:.6g}"),
        "n": WITHHELD if held else str(row["n"]),
        "note": f"fewer than {FEWEST}, or needed to hide another that is" if held else "",
    }
