"""Odd names stay text, odd careers are told, and one bad record costs one packet."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import page
import pytest
from markupsafe import escape

import metrics as m
import reports
from etl.centre import create_centre
from etl.load import load
from metrics.build import bring_up_to_date
from metrics.written import replaced
from reports.pdf import as_pdf
from reports.review_packet import packet_content
from tests.conftest import NOW
from tests.reports.conftest import EVERYONE

NAMES = {
    "markup": "<script>alert(1)</script>",
    "a template": "{{7*7}}{% raw %}${7*7}",
    "right to left": "עדי 'O\"Brien' \u0639\u0645\u0631",
    "200 characters": "Maximiliane " * 15 + "von Humboldt, Sr. VI",
    "no space to break at": "W" * 200,
    "signs that no font has": "Ana \U0001f9d1\U0001f3fd\u200d\U0001f4bb \U000e0041\ue000 \u0378",
    "an address": "file:///etc/hostname",
    "a way out": "../../../etc/cron.d/x",
    "a formula": '=HYPERLINK("http://example.org";"x")',
}
# intake takes names of up to 200 bytes; what a centre calls its queues itself may be longer
LONG = "General enquiries and everything else " * 8
NOVEMBER = m.Period.month(2026, 11)
AGENTS = {name: f"A{number}" for number, name in enumerate(NAMES)}
CALLS = "call_id,queue,agent_id,channel,direction,start_time,wait_seconds,talk_seconds,hold_seconds,wrap_seconds,outcome,caller,service_type"
ROSTER = "agent_id,name,team,supervisor,site,shift,languages,hired_on,valid_from,valid_to"


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


@pytest.fixture(scope="module")
def odd_centre(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre whose agents, teams, queues and request types have names that try to be something else."""
    folder = tmp_path_factory.mktemp("odd") / "centre"
    create_centre(folder, name='Test <b>311</b> "{{7*7}}"', timezone="America/Denver")
    with (folder / "centre.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'[[queue]]\nid = "general"\nname = "{LONG}"\n')
    calls, roster = [CALLS], [ROSTER]
    for number, (kind, agent) in enumerate(AGENTS.items()):
        name = quoted(NAMES[kind])
        start = f"2026-11-{10 + number % 3}T08:3{number}:00-07:00"
        calls.append(f"C{number},{name},{agent},voice,inbound,{start},5,200,10,30,answered,,{name}")
        roster.append(f"{agent},{name},{name},S1,{name},{name},en,2020-01-01,2026-01-01,")
    start = "2026-11-12T09:00:00-07:00"
    calls.append(f"C90,general,EARLY,voice,inbound,{start},5,200,10,30,answered,,Pothole")
    calls.append(f"C91,general,MOVED,voice,inbound,{start},5,100,10,30,answered,,Pothole")
    calls.append("C92,general,MOVED,voice,inbound,2026-11-20T09:00:00-07:00,5,300,10,30,answered,,Pothole")
    calls.append(f'C93,general,"=../A <7>",voice,inbound,{start},5,100,10,30,answered,,Pothole')
    roster += [
        "IDLE,Ida Idle,Day,S1,,,en,2020-01-01,2026-01-01,",
        "EARLY,Newt New,Day,S1,,,en es,2026-11-11,2026-11-11,",
        "MOVED,Mo Moved,Day,S1,,day,en,2020-01-01,2026-01-01,2026-11-15",
        "MOVED,Mo Moved,Late,S2,,late,en,2020-01-01,2026-11-15,",
        "LEFT,Lee Left,Day,S1,,,en,2020-01-01,2026-01-01,2026-11-06",
    ]
    inbox = folder / "inbox"
    (inbox / "calls.csv").write_text("\n".join(calls) + "\n", "utf-8")
    (inbox / "agents.csv").write_text("\n".join(roster) + "\n", "utf-8")
    results = load(folder, [], now=NOW)
    assert [(result.verdict, result.reasons) for result in results] == [("accepted", {})] * 2
    # a day later one call is told again: what was said of that day before is restated
    (inbox / "later.csv").write_text(
        f"{CALLS}\nC90,general,EARLY,voice,inbound,{start},5,220,10,30,answered,,Pothole\n"
    )
    load(folder, [], now=NOW + timedelta(days=1))
    bring_up_to_date(folder)
    return folder


@pytest.fixture(scope="module")
def batch(odd_centre: Path, tmp_path_factory: pytest.TempPathFactory) -> reports.Batch:
    """Everybody's packet, with two who do not exist among them."""
    out = tmp_path_factory.mktemp("packets")
    with m.open_centre(odd_centre) as centre:
        wanted = reports.Wanted(NOVEMBER, out, EVERYONE)
        return reports.packets(centre, [*AGENTS.values(), "NOBODY", "=../A <7>"], wanted)


def test_one_bad_record_costs_one_packet_and_is_reported(batch: reports.Batch) -> None:
    assert len(batch.written) == 2 * (len(AGENTS) + 1)
    assert list(batch.failed) == ["NOBODY"]
    assert "neither on the roster nor in the contacts" in batch.failed["NOBODY"]


def test_what_nobody_foresaw_costs_one_packet_and_its_message_quotes_nothing(
    odd_centre: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(work: reports.Work, agent: str) -> object:
        if agent == "A1":
            raise ValueError("Maria Example, +13035550101")
        return packet_content(work, agent)

    monkeypatch.setattr("reports.review_packet.packet_content", breaks)
    with m.open_centre(odd_centre) as centre:
        done = reports.packets(centre, ["A0", "A1", "A2"], reports.Wanted(NOVEMBER, tmp_path, EVERYONE))
    assert [path.suffix for path in done.written] == [".pdf", ".html", ".pdf", ".html"]
    assert list(done.failed) == ["A1"]
    assert "ValueError" in done.failed["A1"]
    assert "Maria" not in done.failed["A1"]


def test_files_stay_in_their_folder_under_safe_names(batch: reports.Batch) -> None:
    assert len({path.parent for path in batch.written}) == 1
    assert "packet-_A_7_-2026-11.pdf" in {path.name for path in batch.written}


@pytest.mark.parametrize("kind", NAMES)
def test_a_name_is_text_and_stays_text(batch: reports.Batch, kind: str) -> None:
    pdf, twin = (path for path in batch.written if path.stem == f"packet-{AGENTS[kind]}-2026-11")
    html = twin.read_text("utf-8")
    assert f"<h1>{escape(NAMES[kind].strip())}</h1>" in html
    assert "<script" not in html
    assert "49" not in html.partition("<body>")[2].partition("Measures")[0]
    assert page.validate_pdf(pdf, profile="ua1").is_compliant


@pytest.mark.parametrize("paper", ["daily", "monthly"])
def test_the_other_papers_take_every_name(odd_centre: Path, tmp_path: Path, paper: str) -> None:
    with m.open_centre(odd_centre) as centre:
        write = reports.daily if paper == "daily" else reports.monthly
        pdf, twin = write(centre, date(2026, 11, 12), tmp_path, scope=EVERYONE)
    html = twin.read_text("utf-8")
    assert page.validate_pdf(pdf, profile="ua1").is_compliant
    assert "<script" not in html
    assert str(escape('Test <b>311</b> "{{7*7}}"')) in html
    assert LONG.strip() in html


def test_a_character_without_a_shape_gets_a_stand_in() -> None:
    body = '<!doctype html><html lang="en"><head><title>a</title></head><body><h1>a{}b</h1></body></html>'
    assert as_pdf(body.format("\u0378")) == as_pdf(body.format("\N{REPLACEMENT CHARACTER}"))
    assert as_pdf(body.format("\u0378")) != as_pdf(body.format(""))


# ---- odd careers ---------------------------------------------------------------------------------------------------

RESTATED = "A file that came later restated Thu 12 Nov; the figures are as restated (fairline report --diff)."
CAREERS = [
    # agent, what the packet must say
    ("IDLE", ["No contacts of Ida Idle are on record for this period."]),
    ("EARLY", ["On the roster from 11 November 2026 only.", "Fewer than 30 legs: averages say little.", RESTATED]),
    ("MOVED", ["Worked in Day from 1 November 2026 and Late from 15 November 2026; work is credited to the team of the day."]),
    ("LEFT", ["On the roster until 5 November 2026 only.", "No contacts of Lee Left are on record for this period."]),
    ("=../A <7>", ["Not on the roster in this period: team, shift and languages are unknown."]),
    ("A0", ["Contacts are on record for 10 November 2026 to 20 November 2026 only. No contacts of 13 November 2026 to 19 November 2026 are on record."]),
]  # fmt: skip


@pytest.fixture(scope="module")
def work(odd_centre: Path) -> Iterator[reports.Work]:
    """The work of all of them, measured at once as in a batch."""
    with m.open_centre(odd_centre) as centre:
        yield reports.Work.of(centre, [row[0] for row in CAREERS], NOVEMBER, scope=EVERYONE)


@pytest.mark.parametrize(("agent", "told"), CAREERS, ids=[row[0] for row in CAREERS])
def test_a_packet_tells_what_its_figures_cannot(work: reports.Work, agent: str, told: list[str]) -> None:
    content = packet_content(work, agent)
    said = [*content.summary, *content.caveats]
    assert [sentence for sentence in told if sentence not in said] == []


def test_the_figures_of_two_teams_together_stand_beside_one_who_moved(work: reports.Work) -> None:
    content = packet_content(work, "MOVED")
    where = {"team": ["Day", "Late"]}
    legs = m.measure(work.asker.centre, ["legs_handled"], during=NOVEMBER, where=where, scope=EVERYONE)
    own, _, teams = content.measures.rows[0].cells
    assert isinstance(own, m.Figure)
    assert isinstance(teams, m.Figure)
    assert (own.value, teams.value) == (2, legs["value"][0])
    assert content.measures.columns[2].startswith("Team Day and Late")


def test_a_reader_of_one_team_does_not_see_another_teams_agent(odd_centre: Path) -> None:
    with m.open_centre(odd_centre) as centre, pytest.raises(m.WrongUse, match="not yours to see"):
        packet_content(reports.Work.of(centre, ["EARLY"], NOVEMBER, scope=m.Scope.of_teams("Late")), "EARLY")


def test_a_paper_whose_writing_was_killed_is_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "packet.pdf"
    path.write_bytes(b"old")
    writing = f"from pathlib import Path; from metrics.written import replaced; replaced(Path({str(path)!r}), b'new')"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "FAIRLINE_FAULT": "paper_written"}
    done = subprocess.run([sys.executable, "-c", writing], env=environment, stderr=subprocess.DEVNULL, check=False)
    assert (done.returncode, path.read_bytes()) == (-signal.SIGKILL, b"old")
    left, writing_still = next(tmp_path.glob(".*.part")), tmp_path / ".month.pdf.1.part"
    writing_still.touch()
    replaced(path, b"new")
    assert path.read_bytes() == b"new"
    # the dead writer's part is gone, and that of one who lives is left alone
    assert (left.exists(), writing_still.exists()) == (False, True)


def test_a_paper_on_a_full_disk_is_the_old_one_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "packet.pdf"
    path.write_bytes(b"old")
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, limit[1]))
    try:
        with pytest.raises(m.DiskFull, match=r"is full: packet\.pdf was to be written\. Nothing was changed"):
            replaced(path, b"new" * 1_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert [one.name for one in tmp_path.iterdir()] == ["packet.pdf"]
    assert path.read_bytes() == b"old"
