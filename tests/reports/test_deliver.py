"""Scheduled reports reach who may have them, once, over an encrypted connection; nobody waits in the dark."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import metrics as m
import reports
from dashboards.access import Viewer, scope_of
from etl.centre import create_centre, read_settings
from etl.load import load
from metrics.build import bring_up_to_date
from metrics.delivery_log import delivery_log
from metrics.roles import role_named
from metrics.written import turn
from reports.schedule import Delivery, Recipient, schedule
from tests.conftest import NOW
from tests.reports.mail_server import Mailbox, mail_server

DENVER = ZoneInfo("America/Denver")
MAIL = """
[mail]
host = "localhost"
port = {port}
from = "fairline@example.org"
ca_file = "{certificate}"
links = "https://fairline.example.org/papers"
tell = ["it@example.org"]
"""
MONTH = """
[[delivery]]
name = "month"
report = "monthly"
every = "month"
on = 3
at = 06:00:00
wait_hours = 6
to = [{ address = "chief@example.org", role = "manager" }]
"""
PACKETS = """
[[delivery]]
name = "packets"
report = "packet"
every = "month"
on = 3
to = [{ address = "sup@example.org", role = "supervisor", team = "Day" }]
"""


def at(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=DENVER)


@pytest.fixture(scope="module")
def small_centre(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A call on every day of October, of one agent of one team."""
    folder = tmp_path_factory.mktemp("deliver") / "centre"
    create_centre(folder, name="Test 311", timezone="America/Denver")
    head = "call_id,queue,agent_id,channel,direction,start_time,wait_seconds,talk_seconds,hold_seconds,wrap_seconds,outcome,caller"
    calls = [
        f"C{day},general,A1,voice,inbound,2026-10-{day:02}T09:00:00-06:00,5,200,10,30,answered," for day in range(1, 32)
    ]
    (folder / "inbox" / "calls.csv").write_text("\n".join([head, *calls]) + "\n", "utf-8")
    roster = "agent_id,name,team,supervisor,site,shift,languages,hired_on,valid_from,valid_to\nA1,Ann One,Day,S1,,,en,,2026-01-01,\nB1,Bo Two,Late,S2,,,en,,2026-01-01,\n"
    (folder / "inbox" / "agents.csv").write_text(roster, "utf-8")
    load(folder, [], now=NOW)
    bring_up_to_date(folder)
    return folder


@pytest.fixture
def centre(small_centre: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small_centre, tmp_path / "centre"))


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Mailbox]:
    if shutil.which("openssl") is None:
        pytest.skip("openssl, which makes the server's certificate, is not here")
    with mail_server(tmp_path) as found:
        yield found


def scheduled(centre: Path, box: Mailbox, *deliveries: str) -> None:
    settings = MAIL.format(port=box.port, certificate=box.certificate)
    with (centre / "centre.toml").open("a", encoding="utf-8") as file:
        file.write("\n".join([settings, *deliveries]))


def states(centre: Path) -> list[tuple[str, str]]:
    return delivery_log(centre).select("recipient", "state").rows()


def test_a_month_is_attached_and_a_packet_is_a_link_each_sent_once(centre: Path, box: Mailbox) -> None:
    # the supervisor reads Spanish, the centre English
    scheduled(centre, box, MONTH, PACKETS.replace('team = "Day"', 'team = "Day", language = "es"'))
    done = reports.deliver(centre, now=at("2026-11-03T06:10:00"))
    assert [(one.recipient, one.state) for one in done] == [("chief@example.org", "sent"), ("sup@example.org", "sent")]
    assert box.encrypted == [True, True]
    month, packets = box.mails
    assert [part.get_filename() for part in month.iter_attachments()] == ["monthly-2026-10.pdf"]
    assert next(month.iter_attachments()).get_content().startswith(b"%PDF-")
    assert list(packets.iter_attachments()) == []
    body = packets.get_body()
    assert body is not None
    links = [line for line in body.get_content().splitlines() if line.startswith("https://")]
    assert links == ["https://fairline.example.org/papers/packets/2026-10/supervisor-Day-es/packet-A1-2026-10-es.pdf"]
    assert (packets["Subject"], "trata de personas" in body.get_content()) == (
        "Test 311: expedientes de revisión, octubre de 2026",
        True,
    )
    assert (centre / "deliveries" / links[0].partition("papers/")[2]).is_file()
    assert reports.deliver(centre, now=at("2026-11-09T06:10:00")) == []
    assert states(centre) == [("chief@example.org", "sent"), ("sup@example.org", "sent")]


def test_what_has_not_arrived_is_waited_for_and_then_somebody_is_told_once(centre: Path, box: Mailbox) -> None:
    scheduled(centre, box, MONTH)
    for moment in ("2026-12-03T06:30:00", "2026-12-03T13:00:00", "2026-12-03T14:00:00"):
        reports.deliver(centre, now=at(moment))
    assert states(centre) == [
        ("chief@example.org", "waiting"),
        ("chief@example.org", "late"),
        ("it@example.org", "noticed"),
        ("chief@example.org", "late"),
    ]
    (notice,) = box.mails
    assert notice["To"] == "it@example.org"
    assert "No contacts of November 2026 are on record" in str(notice.get_body())


DAY = (
    MONTH.replace("month", "day", 1)
    .replace('report = "monthly"', 'report = "daily"')
    .replace('every = "month"', 'every = "day"')
)


def test_a_clock_that_jumps_sends_nothing_twice_and_nothing_old(centre: Path, box: Mailbox) -> None:
    """Ahead, the day's data are missing and it waits; back, what is due was sent, or is older than what was sent."""
    scheduled(centre, box, DAY)
    moments = ("2026-10-20T06:30", "2027-10-20T06:30", "2026-10-20T06:40", "2026-10-19T06:30", "2026-10-05T06:30")
    found = [[one.state for one in reports.deliver(centre, now=at(moment))] for moment in moments]
    assert found == [["sent"], ["waiting"], [], [], []]
    assert [one.state for one in reports.deliver(centre, now=at("2026-10-21T06:30"))] == ["sent"]
    assert len(box.mails) == 2


def test_a_line_of_the_log_that_was_cut_off_costs_nothing_else(centre: Path, box: Mailbox) -> None:
    scheduled(centre, box, DAY)
    reports.deliver(centre, now=at("2026-10-20T06:30"))
    log = centre / "deliveries" / "log.jsonl"
    log.write_bytes(log.read_bytes() + b'{"at": "2026-10-2')
    assert states(centre) == [("chief@example.org", "sent")]
    reports.deliver(centre, now=at("2026-10-21T06:30"))
    assert states(centre) == [("chief@example.org", "sent")] * 2


def test_two_runs_at_once_send_nothing_twice(centre: Path, box: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    scheduled(centre, box, DAY)
    monkeypatch.setattr("reports.delivery.turn", partial(turn, seconds=0))
    (centre / "deliveries").mkdir()
    with turn(centre / "deliveries" / ".lock"), pytest.raises(m.WrongUse, match="still at work"):
        reports.deliver(centre, now=at("2026-10-20T06:30"))
    assert box.mails == []


def test_a_failure_is_logged_and_the_next_run_tries_again(centre: Path, box: Mailbox) -> None:
    scheduled(centre, box, PACKETS)
    box.refuses.add("sup@example.org")
    (failed, noticed) = reports.deliver(centre, now=at("2026-11-03T06:10:00"))
    assert (failed.state, noticed.state) == ("failed", "noticed")
    assert "refused the address sup@example.org" in failed.message
    box.refuses.clear()
    assert [one.state for one in reports.deliver(centre, now=at("2026-11-03T07:00:00"))] == ["sent"]
    assert box.mails[-1]["Message-ID"].endswith("@example.org>")


def test_mail_settings_are_no_matter_of_the_warehouse(centre: Path, box: Mailbox) -> None:
    scheduled(centre, box, MONTH)
    assert read_settings(centre).centre.name == "Test 311"


WRONG = [
    # what stands in the schedule instead, and what is said
    ('role = "manager"', 'role = "agent", agent = "A1"', "agent .* may not have the report 'monthly'"),
    ('report = "monthly"', 'report = "weekly"', "report"),
    ("on = 3", "on = 31", "28"),
    ('every = "month"', 'every = "week"', "the monthly report is sent every month"),
    ('role = "manager"', 'role = "supervisor"', "say of which team"),
    ('role = "manager"', 'role = "managr"', "Did you mean manager"),
]


@pytest.mark.parametrize(("instead_of", "stands", "told"), WRONG)
def test_a_wrong_schedule_is_told_with_its_place(tmp_path: Path, instead_of: str, stands: str, told: str) -> None:
    mail = MAIL.format(port=25, certificate="")
    (tmp_path / "centre.toml").write_text(mail + MONTH.replace(instead_of, stands), "utf-8")
    with pytest.raises(m.WrongUse, match=told):
        schedule(tmp_path)


READERS = [
    # role, of which team and agent; S1 leads the team Day
    ("manager", None, None),
    ("quality_analyst", None, None),
    ("supervisor", "Day", None),
    ("agent", None, "A1"),
]


@pytest.mark.parametrize(("role", "team", "agent"), READERS)
def test_by_mail_a_role_sees_what_it_sees_on_the_pages(
    small_centre: Path, role: str, team: str | None, agent: str | None
) -> None:
    viewer = Viewer("1", "somebody", role, person=agent or ("S1" if team else None))
    with m.open_centre(small_centre) as opened:
        on_pages = scope_of(viewer, opened, on=date(2026, 10, 20))
    assert Recipient(address="a@example.org", role=role, team=team, agent=agent).scope == on_pages
    assert role_named(role).reports


def test_papers_about_people_need_a_place_for_their_links(tmp_path: Path) -> None:
    mail = MAIL.format(port=25, certificate="").replace("links", "# links")
    (tmp_path / "centre.toml").write_text(mail + PACKETS, "utf-8")
    with pytest.raises(m.WrongUse, match="sent as links"):
        schedule(tmp_path)


DUE = [
    # every, on, now (local), the period whose report is due, and since when
    ("month", 3, "2026-11-03T05:59", "2026-09-01/2026-10-01", "2026-10-03T06:00"),
    ("month", 3, "2026-11-03T06:00", "2026-10-01/2026-11-01", "2026-11-03T06:00"),
    ("month", 28, "2026-03-01T12:00", "2026-01-01/2026-02-01", "2026-02-28T06:00"),
    ("week", 1, "2026-11-02T06:00", "2026-10-26/2026-11-02", "2026-11-02T06:00"),
    ("week", 3, "2026-11-03T12:00", "2026-10-19/2026-10-26", "2026-10-28T06:00"),
    ("day", 1, "2026-11-01T06:00", "2026-10-31/2026-11-01", "2026-11-01T06:00"),
    ("day", 1, "2026-03-09T05:00", "2026-03-07/2026-03-08", "2026-03-08T06:00"),
]


@pytest.mark.parametrize(("every", "on", "now", "period", "since"), DUE)
def test_when_a_report_is_due(every: str, on: int, now: str, period: str, since: str) -> None:
    report = {"month": "monthly", "week": "quality", "day": "daily"}[every]
    to = [{"address": "a@example.org", "role": "manager"}]
    one = Delivery.model_validate({"name": "x", "report": report, "every": every, "on": on, "to": to})
    during, due_at = one.due(at(now), DENVER)
    first, until = (date.fromisoformat(day) for day in period.split("/"))
    assert (during, due_at) == (m.Period(first, until), at(since))
    assert one.due(at(now).astimezone(UTC), DENVER) == (during, due_at)
