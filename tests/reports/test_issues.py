"""Reports can be made again as they were, and two issues of one report can be held against each other."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

import metrics as m
import reports
from reports.completeness import missing
from reports.issue import is_there, issue, read_issue
from reports.packet_plan import plan
from reports.packet_quality import Reviewed, in_doubt
from reports.people import Note, notes
from reports.tables import frame_of, write_tables
from tests.reports.conftest import ALL_DAYS, EVERYONE, LAST_DAY, Paper

PLAN_PERIOD = m.Period.month(2026, 11)


def test_a_batch_by_several_processes_writes_the_same_bytes_and_then_nothing(
    papers: dict[str, Paper], city: m.Centre, tmp_path: Path
) -> None:
    mine = papers["packet"].made.arguments["agent"]
    other = next(one for one in reports.everybody(city, ALL_DAYS, scope=EVERYONE) if one != mine)
    told: list[tuple[int, int]] = []
    wanted = reports.Wanted(ALL_DAYS, tmp_path, EVERYONE)
    done = reports.packets(city, [mine, other], wanted, workers=2, progress=lambda *at: told.append(at))
    assert (len(done.written), done.failed, told) == (4, {}, [(1, 2), (2, 2)])
    # the papers' own packet is marked by nothing: what is marked is the same in both
    one = {path.name: path.read_bytes() for path in tmp_path.iterdir() if mine in path.name and path.suffix != ".json"}
    assert one.keys() == {papers["packet"].pdf.name, papers["packet"].twin.name}
    again = reports.packets(city, [mine, other], wanted, workers=2)
    assert (again.written, again.unchanged) == ([], [mine, other])
    path = tmp_path / papers["packet"].twin.name
    path.write_text("changed by hand", "utf-8")
    mended = reports.packets(city, [mine, other], wanted)
    assert (mended.unchanged, {file.stem for file in mended.written}) == ([other], {path.stem})
    assert {name: (tmp_path / name).read_bytes() for name in one} == one


def test_a_batch_refuses_a_period_whose_data_have_not_arrived(city: m.Centre, tmp_path: Path) -> None:
    december = m.Period.month(2026, 12)
    with pytest.raises(m.WrongUse, match=r"December 2026 is not complete: No contacts .* --incomplete"):
        reports.packets(city, ["A1"], reports.Wanted(december, tmp_path, EVERYONE, needs_all=True))
    assert missing(city, "packet", ALL_DAYS, scope=EVERYONE) == ()
    assert list(tmp_path.iterdir()) == []


def test_the_frozen_copy_says_what_the_report_was_made_of(papers: dict[str, Paper]) -> None:
    for paper in papers.values():
        kept = read_issue(paper.pdf)
        assert kept["hash"] == paper.made.document.content["hash"]
        assert kept["hash"] in paper.twin.read_text("utf-8")
        assert kept["snapshot"] == paper.content.imprint.snapshot
        assert set(kept["files"]) == {paper.pdf.name, paper.twin.name}


def test_a_report_is_written_again_as_it_was_issued_whatever_templates_say_today(
    papers: dict[str, Paper], tmp_path: Path
) -> None:
    paper = papers["packet"]
    pdf, twin = paper.pdf.read_bytes(), paper.twin.read_bytes()
    kept = read_issue(paper.pdf)
    asked = ("packet", kept["arguments"], kept["snapshot"])
    shutil.copy(paper.pdf.with_suffix(".json"), tmp_path)
    # no centre is asked: what stands there is enough
    found = reports.as_issued(tmp_path, *asked)
    assert found is not None
    assert [path.read_bytes() for path in found.paths] == [pdf, twin]
    assert f"by the templates {kept['templates']}" in found.words
    assert "not the same bytes" not in found.words
    assert reports.as_issued(tmp_path, "packet", kept["arguments"], kept["snapshot"] + 1) is None
    # a later issue takes its place, and it is still found
    later = replace(paper.made, frozen={**paper.made.frozen, "snapshot": kept["snapshot"] + 1})
    issue(later, tmp_path)
    again = reports.as_issued(tmp_path, *asked)
    assert again is not None
    assert [path.parent.name for path in again.paths] == ["issued", "issued"]
    assert again.paths[0].read_bytes() == pdf


ISSUING = "import pickle, sys; from pathlib import Path; from reports.issue import issue; issue(pickle.load(open(sys.argv[1], 'rb')), Path(sys.argv[2]))"


@pytest.mark.slow
def test_a_report_that_was_killed_at_any_file_and_run_again_is_as_if_never_killed(
    papers: dict[str, Paper], tmp_path: Path
) -> None:
    """What stands there in between is whole files, of this issue or the one before, and is not taken for this one."""
    made, out = papers["daily sheet"].made, tmp_path / "out"
    stem = made.document.stem
    (tmp_path / "made").write_bytes(pickle.dumps(made))
    issue(replace(made, made_of="of before", frozen={**made.frozen, "snapshot": 1}), out)
    frozen = papers["daily sheet"].pdf.with_suffix(".json")
    wanted = {path.name: path.read_bytes() for path in (papers["daily sheet"].pdf, papers["daily sheet"].twin, frozen)}
    for nth in (1, 2, 3):
        killed = subprocess.run(
            [sys.executable, "-c", ISSUING, tmp_path / "made", out],
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "FAIRLINE_FAULT": f"paper_written {nth}"},
            stderr=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        assert killed.returncode == -signal.SIGKILL
        assert not is_there(out, stem, made.made_of)
    issue(made, out)
    assert is_there(out, stem, made.made_of)
    assert {path.name: path.read_bytes() for path in out.glob(f"{stem}.*")} == wanted
    assert [path.name for path in (out / "issued").iterdir()] == [f"{stem}-snapshot-1-{made.frozen['hash'][:8]}.json"]


# ---- two issues ----------------------------------------------------------------------------------------------------


def earlier(paper: Paper, folder: Path, snapshot: int, **changed: object) -> Path:
    """The frozen copy of an earlier issue whose first figure differs in some way."""
    kept = json.loads(paper.pdf.with_suffix(".json").read_text("utf-8"))
    kept["snapshot"] = snapshot
    place = next(at for at, one in enumerate(kept["figures"]) if one["metric"] == changed.get("metric", one["metric"]))
    kept["figures"][place] |= changed
    path = folder / f"earlier-{snapshot}.json"
    path.write_text(json.dumps(kept), "utf-8")
    return path


def test_an_issue_differs_in_nothing_from_itself(papers: dict[str, Paper], city: m.Centre) -> None:
    paper = papers["daily sheet"]
    found = reports.difference(city, paper.pdf, paper.twin)
    assert (found.changes, found.files) == ((), ())
    assert "none differs" in found.as_text()


WHY = [
    # the report, how the earlier issue differs, and the reason given
    ("daily sheet", {"value": 1.0}, "restatement: "),
    ("daily sheet", {"version": 0}, "definition: "),
    ("quality report", {"metric": "quality_score", "value": 0.5}, "late evaluation: "),
]


@pytest.mark.parametrize(("name", "changed", "why"), WHY)
def test_what_changed_between_two_issues_and_why(
    papers: dict[str, Paper], city: m.Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    name: str, changed: dict[str, object], why: str,
) -> None:  # fmt: skip
    paper = papers[name]
    loads = m.files_since(city, city.snapshot).clear()
    came = datetime(2026, 12, 1, tzinfo=UTC).replace(tzinfo=None)
    row = {
        "load_id": 1,
        "source": "plain_evaluations",
        "file": "late.csv",
        "loaded_at": came,
        "data_from": None,
        "data_to": None,
    }
    frame = pl.DataFrame([row], schema=loads.schema)
    monkeypatch.setattr("reports.two_issues._loads", lambda *_: frame)
    found = reports.difference(city, paper.pdf, earlier(paper, tmp_path, 1, **changed))
    (change,) = found.changes
    assert change.why.startswith(why)
    assert change.place in found.as_text()
    assert found.snapshots == (1, city.snapshot)
    assert found.files
    assert found.as_dict()["changes"] == [vars(change)]


def test_two_different_reports_are_not_compared(papers: dict[str, Paper], city: m.Centre, tmp_path: Path) -> None:
    with pytest.raises(m.WrongUse, match="name two issues of one report"):
        reports.difference(city, papers["daily sheet"].pdf, papers["packet"].pdf)
    with pytest.raises(m.WrongUse, match="no frozen copy"):
        reports.difference(city, papers["daily sheet"].pdf, tmp_path / "nothing.pdf")


@pytest.mark.slow
def test_an_earlier_snapshot_gives_the_report_as_it_was_issued(own_city: Path, tmp_path: Path) -> None:
    from etl.load import load
    from metrics.build import bring_up_to_date
    from tests.conftest import NOW

    held_back = list((own_city / "inbox").glob("crm_*.csv"))
    assert held_back
    for path in held_back:
        shutil.move(path, tmp_path / path.name)
    load(own_city, [], now=NOW)
    bring_up_to_date(own_city)
    with m.open_centre(own_city) as centre:
        first = reports.daily(centre, LAST_DAY, tmp_path / "first", scope=EVERYONE)
        snapshot = centre.snapshot
    load(own_city, [tmp_path / path.name for path in held_back], now=NOW)
    bring_up_to_date(own_city)
    with m.open_centre(own_city, snapshot) as centre:
        again = reports.daily(centre, LAST_DAY, tmp_path / "again", scope=EVERYONE)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in first]
    with m.open_centre(own_city) as centre:
        now = reports.daily(centre, LAST_DAY, tmp_path / "now", scope=EVERYONE)
        found = reports.difference(centre, first[0], now[0])
    assert {change.why.partition(":")[0] for change in found.changes} == {"restatement"}
    assert all(change.before != change.now for change in found.changes)


# ---- tables --------------------------------------------------------------------------------------------------------


def test_tables_as_csv_hold_words_and_machine_units(papers: dict[str, Paper], tmp_path: Path) -> None:
    paper = papers["daily sheet"]
    files = write_tables(paper.made.document, tmp_path, "csv")
    assert len(files) == 4
    queues = pl.read_csv(next(path for path in files if "queues" in path.name))
    assert {"Service level", "Service level [share]", "Service level [numerator]", "Service level [n]"} <= set(
        queues.columns
    )
    level = queues.filter(pl.col("Queue and its target") == "All live queues").row(0, named=True)
    assert level["Service level"] == f"{100 * level['Service level [share]']:.1f} %"
    with pytest.raises(m.WrongUse, match="Choose xlsx or csv"):
        write_tables(paper.made.document, tmp_path, "pdf")


def test_a_table_names_the_query_that_answers_the_same(papers: dict[str, Paper]) -> None:
    month = papers["monthly report"].content
    table = next(
        part for section in month.sections for part in section.parts if getattr(part, "caption", "") == "By department"
    )
    frame = frame_of(table)
    asked = frame["Created [asked by]"][0]
    assert asked == "fairline query requests_created --from 2026-11-01 --to 2026-12-01"


# ---- what supervisors wrote ----------------------------------------------------------------------------------------

ROWS = [
    {"note_id": "1", "agent_id": "A1", "kind": "commendation", "text": "Calmed a caller", "written_by": "S1",
     "written_at": datetime(2026, 11, 5, tzinfo=UTC), "due_on": None, "done_at": None},
    {"note_id": "2", "agent_id": "A1", "kind": "commendation", "text": "Long ago", "written_by": "S1",
     "written_at": datetime(2026, 5, 5, tzinfo=UTC), "due_on": None, "done_at": None},
    {"note_id": "3", "agent_id": "A1", "kind": "action", "text": "Sit with Bo", "written_by": "S1",
     "written_at": datetime(2026, 9, 5, tzinfo=UTC), "due_on": date(2026, 11, 1), "done_at": datetime(2026, 11, 9, tzinfo=UTC)},
    {"note_id": "4", "agent_id": "A1", "kind": "action", "text": "Read the guide", "written_by": "S1",
     "written_at": datetime(2026, 11, 6, tzinfo=UTC), "due_on": date(2026, 11, 20), "done_at": None},
    {"note_id": "5", "agent_id": "A1", "kind": "action", "text": "After the data", "written_by": "S1",
     "written_at": datetime(2026, 12, 24, tzinfo=UTC), "due_on": date(2027, 1, 20), "done_at": None},
]  # fmt: skip


def test_the_plan_says_what_was_praised_what_was_done_and_what_is_open() -> None:
    written = notes(ROWS)
    assert [type(one) for one in written["A1"]] == [Note] * 5
    found = plan(written["A1"], PLAN_PERIOD, date(2026, 12, 1), ["Tells the expected date"])
    assert found.commendations == ("5 November 2026: Calmed a caller (S1)",)
    assert found.done == ("Sit with Bo: done on 9 November 2026, after its day.",)
    assert [(row.label, row.cells[0]) for row in found.next.rows[:2]] == [
        ("Read the guide", "20 November 2026, overdue"),
        ("To work on: Tells the expected date", ""),
    ]


DISPUTES = [
    # which disputes are decided, and what a packet says of those that are not
    ((), ()),
    ((True,), ()),
    ((True, False), ("1 evaluation is disputed and not decided yet: its score may still change.",)),
    ((False, False), ("2 evaluations are disputed and not decided yet: their scores may still change.",)),
]


@pytest.mark.parametrize(("decided", "told"), DISPUTES)
def test_a_packet_tells_of_scores_that_may_still_change(decided: tuple[bool, ...], told: tuple[str, ...]) -> None:
    disputes = pl.DataFrame({"is_decided": decided}, schema={"is_decided": pl.Boolean})
    assert in_doubt(Reviewed(pl.DataFrame(), pl.DataFrame(), disputes, ())) == told


def test_without_notes_the_plan_is_a_form_to_fill_in() -> None:
    found = plan((), PLAN_PERIOD, date(2026, 12, 1), [])
    assert found.commendations == ("No commendation of this period is on record.",)
    assert found.next.rows == ()
