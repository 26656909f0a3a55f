"""Names of people, queues and departments: taken as they come, listed, settled later without any file again."""

from __future__ import annotations

from pathlib import Path

import pytest

import metrics as m
from etl.centre import read_settings
from etl.load import load
from sql import Warehouse, WrongUse, stored_measures
from tests.conftest import NOW
from tests.etl.sources.twin_city import load_twins, rows
from tests.in_memory import open_identities
from tests.warehouse_digest import digest

HEADER = "call_id,queue,agent_id,channel,direction,start_time,wait_seconds,talk_seconds,hold_seconds,wrap_seconds,outcome,caller"
CALL = "{0},{1},{2},voice,inbound,{3}T09:10:00-07:00,10,200,0,30,answered,+13035550102"
QUEUE_LOG = """\
1793638200|x|Q2|PJSIP/7|ADDMEMBER|
1793638800|u1|Q2|NONE|ENTERQUEUE||3035550101|1
1793638810|u1|Q2|PJSIP/7|CONNECT|10|u2|3
1793638900|u1|Q2|PJSIP/7|COMPLETECALLER|10|90|1
1793639000|x|Q2|PJSIP/7|PAUSE|lunch
1793639700|x|Q2|PJSIP/7|UNPAUSE|
1793642800|x|Q2|PJSIP/7|REMOVEMEMBER|
"""
FILES = {
    # the log-in 4711 was Ana's until the end of October and is Ben's since
    "calls.csv": "\n".join([HEADER, CALL.format("C-1", "Q1", "4711", "2026-10-30"), CALL.format("C-2", "Q1", "4711", "2026-11-02"), CALL.format("C-3", "general", "ben", "2026-11-03"), ""]),
    "cases.csv": (
        "case_number,opened_at,status,channel,request_type,department,due_at,closed_at,opened_by\n"
        "P-1,2026-11-02T09:11:00-07:00,open,phone,Pothole,PW,,,bb7\n"
    ),
    "roster.csv": (
        "agent_id,name,team,valid_from,valid_to\nana,Ana,red,2026-01-01,\nben,Ben,blue,2026-01-01,\n"
    ),
    "queue_log": QUEUE_LOG,
}  # fmt: skip
SETTINGS = """
[[alias]]
agent = "ana"
names = ["4711"]
to = 2026-11-01

[[alias]]
agent = "ben"
names = ["4711", "bb7"]
from = 2026-11-01

[[alias]]
queue = "general"
names = ["Q1"]
source = "plain_calls"

[[alias]]
agent = "ana"
names = ["PJSIP/7"]
source = "asterisk"

[[alias]]
department = "Public Works"
names = ["PW"]
"""
NAMES = (
    "kind,source,name,stands_for,valid_from,valid_to\n"
    "agent,,4711,ana,,2026-11-01\nagent,,4711,ben,2026-11-01,\nagent,,bb7,ben,2026-11-01,\n"
    "queue,plain_calls,Q1,general,,\nagent,asterisk,PJSIP/7,ana,,\ndepartment,,PW,Public Works,,\n"
)
LEGS = [("C-1", "ana", "general"), ("C-2", "ben", "general"), ("C-3", "ben", "general")]


def settle(folder: Path) -> None:
    """Write the aliases into the centre's settings."""
    with (folder / "centre.toml").open("a", encoding="utf-8") as settings:
        settings.write(SETTINGS)


def legs(folder: Path) -> list[tuple[object, ...]]:
    return rows(folder, "leg", "source_key", "agent_id", "queue_id", source_id="plain_calls")


def by_team(folder: Path) -> dict[str, int]:
    """Calls handled by team."""
    with m.open_centre(folder) as centre:
        found = centre.warehouse.frame(
            "select team, count(*) as calls from handled_leg where team is not null group by team"
        )
    return dict(found.sort("team").iter_rows())


def touched(folder: Path) -> set[tuple[str, str]]:
    """The facts and days to be measured again."""
    with Warehouse.open(folder / "warehouse") as warehouse:
        return {(fact, str(day)) for fact, day in warehouse.connection.execute("from lake.touched_day").fetchall()}


@pytest.fixture(scope="module")
def unsettled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All files loaded and measured, no name settled."""
    folder = tmp_path_factory.mktemp("names") / "centre"
    assert {result.verdict for result in load_twins(folder, FILES).values()} == {"accepted"}
    return folder


def test_unsettled_names_are_taken_and_listed(unsettled: Path) -> None:
    assert legs(unsettled) == [("C-1", "4711", "Q1"), ("C-2", "4711", "Q1"), ("C-3", "ben", "general")]
    with m.open_centre(unsettled) as centre:
        found = m.unmapped(centre)
    assert ("4711", 2) in found["agent"].rows()
    assert found["department"].is_empty()
    assert ("Q1", 2) in found["queue"].rows()


def test_names_settled_later_restate_the_facts_without_a_file(unsettled: Path) -> None:
    assert by_team(unsettled) == {"blue": 1}
    settle(unsettled)
    assert [(result.file, result.verdict) for result in load(unsettled, [], now=NOW)] == [("centre.toml", "accepted")]
    assert legs(unsettled) == LEGS
    assert {name for (name,) in rows(unsettled, "agent_state", "agent_id")} == {"ana"}
    assert rows(unsettled, "leg", "agent_id", source_id="asterisk") == [("ana",)]
    assert rows(unsettled, "service_case", "department", "created_by") == [("Public Works", "ben")]
    # the case is linked to the call at which it was saved, though the two systems call their agent by other names
    assert rows(unsettled, "contact_case", "case_number", "method", "confidence") == [("P-1", "agent_time", 0.8)]
    assert by_team(unsettled) == {"blue": 2, "red": 2}
    assert ("*", "None") in touched(unsettled)
    with m.open_centre(unsettled) as centre:
        assert "4711" not in m.unmapped(centre)["agent"]["name"].to_list()
        assert open_identities(centre) == []


def test_settled_before_or_after_in_settings_or_as_a_file_gives_the_same_facts(unsettled: Path, tmp_path: Path) -> None:
    early, late = tmp_path / "early", tmp_path / "late"
    for folder, parts in ((early, [{"names.csv": NAMES}, FILES]), (late, [FILES, {"names.csv": NAMES}])):
        for files in parts:
            load_twins(folder, files)
        assert legs(folder) == LEGS
        assert digest(folder) == digest(unsettled)


def test_a_name_unsettled_again_is_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "centre"
    load_twins(folder, {"calls.csv": FILES["calls.csv"]})
    bare, plain = (folder / "centre.toml").read_text(encoding="utf-8"), digest(folder)
    settle(folder)
    load(folder, [], now=NOW)
    assert digest(folder) != plain
    (folder / "centre.toml").write_text(bare, encoding="utf-8")
    load(folder, [], now=NOW)
    assert digest(folder) == plain


def test_a_file_of_names_touches_only_their_days(tmp_path: Path) -> None:
    folder = tmp_path / "centre"
    load_twins(folder, {"calls.csv": FILES["calls.csv"]})
    with Warehouse.open(folder / "warehouse", read_only=False) as warehouse, warehouse.transaction():
        stored_measures.forget_touched(warehouse)
    load_twins(folder, {"names.csv": NAMES})
    days = {day for _, day in touched(folder)}
    assert days == {"2026-10-30", "2026-11-02"}


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ('agent = "a"\nqueue = "q"\nnames = ["x"]', "exactly one"),
        ('names = ["x"]', "exactly one"),
        ('agent = "a"\nnames = []', "alias.0.names"),
    ],
)
def test_an_alias_that_cannot_be_understood_is_told_so(empty_centre: Path, setting: str, said: str) -> None:
    with (empty_centre / "centre.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[[alias]]\n{setting}\n")
    with pytest.raises(WrongUse, match=said):
        read_settings(empty_centre)
