"""The state of the data behind a month: sources, books, what is missing or in doubt, what was restated or redefined."""

from __future__ import annotations

from datetime import datetime

import polars as pl

import metrics
from metrics import Centre, Period, text
from metrics.language import _, n_
from metrics.month.figures import MonthFigures
from metrics.parts import Number, Part, Row, Section, Table, columns

MOST_LOADS = 400
MOST_REASONS = 12


def data(month: MonthFigures) -> list[Section]:
    """Two pages: can these figures be trusted, and what changed in what they mean."""
    centre = month.asker.centre
    books = (sources(centre), _identities(centre), *_quarantine(centre), *quality_of_data(month))
    return [
        Section(_("The data behind this report"), (*books, _restated(centre, month.month))),
        Section(_("What changed in the definitions"), (changed_definitions(centre),)),
    ]


def sources(centre: Centre) -> Table:
    """How far each source reaches, and what was taken of it."""
    return Table(
        caption=_("Sources"),
        heading=_("Source"),
        columns=columns(_("About"), _("Data to"), _("Loaded last"), _("Rows taken"), _("Rows in quarantine")),
        rows=tuple(
            Row(
                one.source,
                (
                    text.about_words(one.about),
                    Number(text.short_moment(one.data_to) if one.data_to else _("undated")),
                    Number(text.short_moment(one.loaded_at)),
                    Number(text.count(one.good)),
                    Number(text.count(one.quarantined)),
                ),
            )
            for one in metrics.freshness(centre)
        ),
    )


def partial(month: MonthFigures) -> tuple[str, ...]:
    """What a reader must know before the first figure: of which days it is, and what is compared with nothing."""
    before = text.period(month.before)
    found = []
    for subject, now in month.now.items():
        if now.reached and not now.is_whole:
            found.append(
                _("Not the whole month, and so not compared with {before}: {why}").format(
                    before=before, why=_lower(now.words)
                )
            )
        elif now.reached and not month.is_comparable(subject):
            found.append(
                _("Not compared with {before}: {why}").format(before=before, why=_lower(month.then[subject].words))
            )
    return tuple(found)


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def quality_of_data(month: MonthFigures) -> tuple[str, ...]:
    """What is in doubt."""
    centre = month.asker.centre
    found = [
        n_(
            "{number} name of the data ({kind}) is not in the centre's settings: see fairline check.",
            "{number} names of the data ({kind}) are not in the centre's settings: see fairline check.",
            frame.height,
        ).format(number=text.count(frame.height), kind=text.plain_words(kind))
        for kind, frame in metrics.unmapped(centre).items()
        if frame.height
    ]
    days = month.now["contact"].days
    by_day = month.ask(("contacts_offered",), "day")
    silent = [text.short_day(day) for day in days if not by_day.figure("contacts_offered", day).n]
    if 0 < len(silent) < len(days):
        found.append(_("No contacts at all are on record for {names}.").format(names=text.listed(silent)))
    if metrics.data_span(centre) is None:
        found.append(_("There is no data at all."))
    return tuple(found)


def _identities(centre: Centre) -> Table | str:
    """Which identities were checked, and where one does not close."""
    found = metrics.identities(centre)
    still_open = [one for one in found if not one.closes]
    if not still_open:
        return n_(
            "{number} identity was checked and all of them close.",
            "{number} identities were checked and all of them close.",
            len(found),
        ).format(number=text.count(len(found)))
    rows = [Row(one.name, (_(one.law), Number(text.number_of(one.open_places.height, "place")))) for one in still_open]
    return Table(_("Identities that do not close"), _("Identity"), columns(_("Law"), _("Open in")), tuple(rows))


def _quarantine(centre: Centre) -> list[Part]:
    frame = metrics.put_aside(centre)
    if frame.is_empty():
        return [_("No line of any file is in quarantine.")]
    shown = frame.sort("lines", descending=True).head(MOST_REASONS)
    rows = [
        Row(str(row["source"]), (str(row["column_name"] or ""), str(row["reason"]), Number(text.count(row["lines"]))))
        for row in shown.iter_rows(named=True)
    ]
    return [
        Table(_("Lines set aside, by reason"), _("Source"), columns(_("Column"), _("Reason"), _("Lines")), tuple(rows))
    ]


def _restated(centre: Centre, during: Period) -> Table | str:
    """Files that came after the month had ended and hold days of it."""
    loads = metrics.recent_loads(centre, most=MOST_LOADS).filter(pl.col("verdict") == "accepted")
    ended = datetime.combine(during.until, datetime.min.time(), centre.timezone)
    late = loads.filter(
        (pl.col("loaded_at") >= ended) & (pl.col("data_from") < ended) & (pl.col("data_to").dt.date() >= during.first)
    )
    if late.is_empty():
        return _("No file that was loaded after the month's end holds days of it: nothing was restated.")
    by_source = late.group_by("source").agg(
        files=pl.len(), rows=pl.col("good").sum(), last=pl.col("loaded_at").max()
    ).sort("source")  # fmt: skip
    rows = [
        Row(
            str(row["source"]),
            (
                Number(text.count(row["files"])),
                Number(text.count(row["rows"])),
                Number(text.short_moment(row["last"])),
            ),
        )
        for row in by_source.iter_rows(named=True)
    ]
    return Table(
        _("Files with days of this month that came after its end"),
        _("Source"),
        columns(_("Files"), _("Rows"), _("The last on")),
        tuple(rows),
        note=_("What they restate of an issue of this report is told by fairline report --diff."),
    )


def changed_definitions(centre: Centre) -> Table | str:
    """Metrics whose definition took the place of another."""
    frame = metrics.definition_changes(centre)
    if frame.is_empty():
        return _(
            "No definition changed since the first figures were built: months can be compared by the same formulas."
        )
    rows = [
        Row(
            str(row["title"]),
            (
                _("{id}, {before} to {version}").format(
                    id=row["metric_id"], before=row["version_before"], version=row["version"]
                ),
                str(row["formula_before"]),
                str(row["formula"]),
                text.short_moment(row["since"]),
            ),
        )
        for row in frame.iter_rows(named=True)
    ]
    heads = columns(_("Id, versions"), _("Until then"), _("Since then"), _("Since"))
    return Table(_("Definitions that changed"), _("Metric"), heads, tuple(rows))
