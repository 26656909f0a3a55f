"""Comparisons of a loaded centre: the same figures as everywhere, the same bytes again, and only what one may see."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

import metrics as m
from etl.ledger import FileResult
from fairline import app
from metrics.compare import as_json, compare, comparisons, funnel_of, keep
from metrics.compare.reading import read_contacts
from metrics.compare.rules import comparison_of
from sql import Warehouse, WrongUse

EVERYONE = m.Scope.whole_centre()
TWO_WEEKS = m.Period(date(2026, 10, 31), date(2026, 11, 14))
Offer = Callable[..., FileResult]
RULES = comparisons()


@pytest.mark.parametrize("metric", ["average_handle_time", "average_talk_time"])
def test_value_and_n_are_the_figures_of_the_catalogue(city: m.Centre, metric: str) -> None:
    figures = m.measure(city, [metric], by=["agent"], during=TWO_WEEKS, scope=EVERYONE)
    expected = {row["agent"]: (row["n"], row["value"]) for row in figures.iter_rows(named=True) if row["agent"]}
    found = compare(city, metric, during=TWO_WEEKS, scope=EVERYONE)
    assert {one.agent_id for one in found.verdicts} == set(expected)
    for one in found.verdicts:
        assert one.n == expected[one.agent_id][0]
        assert one.value == pytest.approx(expected[one.agent_id][1], abs=1e-5)


def test_those_who_differ_in_the_city_are_found_and_no_others(city: m.Centre) -> None:
    truth = json.loads((city.folder / "truth.json").read_text())
    differing = {agent for agent, one in truth.items() if one["pace"] != 1}
    found = compare(city, "M27", during=TWO_WEEKS, scope=EVERYONE, with_placebo=True)
    assert {one.agent_id for one in found.flagged} <= differing
    assert found.flagged
    assert found.placebo is not None
    assert found.placebo.flags == 0
    assert found.sentence(found.flagged[0].agent_id).startswith("Handle time is about ")
    assert found.sentence("nobody") == "No contacts in this period."
    assert f"standing out: {found.flagged[0].agent_id}" in funnel_of(found)


@pytest.mark.parametrize("metric", sorted(RULES))
def test_every_comparison_answers_and_its_rows_add_up(city: m.Centre, metric: str) -> None:
    rule = RULES[metric]
    read = read_contacts(city, rule, TWO_WEEKS)
    rows = city.named(f"facts/{rule.contacts}", first=TWO_WEEKS.first, until=TWO_WEEKS.until, **rule.parameters)
    assert read.contacts.height + sum(read.excluded.values()) == rows.height
    assert rows["row_id"].is_unique().all()
    found = compare(city, metric, during=TWO_WEEKS, scope=EVERYONE)
    text = as_json(found)
    assert "NaN" not in text
    own = read.contacts.filter(pl.col("unit").is_null()) if "unit" in read.contacts.columns else read.contacts
    assert sum(one["n"] for one in json.loads(text)["agents"]) == own.height
    assert found.as_text()
    assert "<title>" in funnel_of(found)


def test_an_asker_sees_the_verdicts_of_those_in_scope_against_everybody(city: m.Centre) -> None:
    everybody = compare(city, "M27", during=TWO_WEEKS, scope=EVERYONE)
    agent = everybody.verdicts[3].agent_id
    own = compare(city, "M27", during=TWO_WEEKS, scope=m.Scope.of_agent(agent))
    assert own.verdicts == (everybody.verdicts[3],)
    assert (own.audit, own.ratios, own.placebo) == ([], [], None)
    team = m.roster(city, during=TWO_WEEKS, scope=EVERYONE)["team"][0]
    of_team = compare(city, "M27", during=TWO_WEEKS, scope=m.Scope.of_teams(team), with_placebo=True)
    members = set(m.roster(city, during=TWO_WEEKS, scope=m.Scope.of_teams(team))["agent_id"])
    assert {one.agent_id for one in of_team.verdicts} <= members
    assert set(of_team.verdicts) <= set(everybody.verdicts)
    assert of_team.placebo is None


def test_the_same_question_gives_the_same_bytes_and_is_kept_once(own_city: Path, loaded_city: Path) -> None:
    with m.open_centre(loaded_city) as city:
        texts = {as_json(compare(city, "M27", during=TWO_WEEKS, scope=EVERYONE, with_placebo=True)) for _ in range(2)}
        assert len(texts) == 1
        found = compare(city, "M27", during=TWO_WEEKS, scope=EVERYONE)
        city.folder = own_city
        kept = [keep(city, found), keep(city, found)]
    assert kept[0] == kept[1]
    assert json.loads(kept[0].read_text())["method_version"] == "1"
    assert len(list((own_city / "comparisons").iterdir())) == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["service_level"], "service_level does not say how people can be compared by it. These can be compared: "),
        (["handle_tme"], "There is no comparison by 'handle_tme'."),
        (["M27", "--by", "team"], "only agents can be compared"),
        (
            ["M27", "--groups", "nowhere.csv"],
            "There is no file nowhere.csv. Name a csv with the columns agent_id and group.",
        ),
    ],
)
def test_wrong_questions_end_in_a_sentence(loaded_city: Path, arguments: list[str], says: str) -> None:
    period = ["--from", "2026-10-31", "--to", "2026-11-14", "--centre", str(loaded_city)]
    found = CliRunner().invoke(app, ["compare", *arguments, *period])
    assert isinstance(found.exception, WrongUse)
    assert says in str(found.exception)


def test_the_command_line_prints_the_fields_that_were_promised(
    own_city: Path, loaded_city: Path, tmp_path: Path
) -> None:
    groups = tmp_path / "groups.csv"
    groups.write_text("agent_id,group\nA1001,one\nA1002,two\n")
    arguments = ["compare", "M27", "--from", "2026-10-31", "--to", "2026-11-14", "--centre", str(loaded_city)]
    options = ["--format", "json", "--placebo", "--groups", str(groups)]
    printed = [CliRunner().invoke(app, [*arguments, *options]) for _ in range(2)]
    assert printed[0].stdout == printed[1].stdout
    answer = json.loads(printed[0].stdout)
    promised = "agent_id n value expected difference low high shrunken q verdict more_needed".split()
    assert [list(one) for one in answer["agents"]] == [promised] * len(answer["agents"])
    assert answer["adjusters"][-1] == "queue * day"
    assert answer["exclusions"]["outbound"] >= 0
    assert {one["by"] for one in answer["audit"]} == {"shift", "site", "language duty", "tenure", "volume", "group"}
    assert answer["placebo"]["flags"] == 0
    plain = CliRunner().invoke(app, arguments).stdout
    assert "Compared with similar contacts as recorded; adjusted for request type by channel" in plain
    rows = list(csv.DictReader(io.StringIO(CliRunner().invoke(app, [*arguments, "--format", "csv"]).stdout)))
    assert list(rows[0]) == [*promised, "sentence"]
    assert own_city.exists()


# ---- a centre's own comparisons --------------------------------------------------------------------------------------


def own_rules(folder: Path, content: str) -> Path:
    """A centre folder with a file of its own."""
    (folder / "metrics").mkdir()
    (folder / "metrics" / "own.toml").write_text(content)
    return folder


def test_a_centre_changes_one_line_of_a_comparison_or_adds_its_own(tmp_path: Path) -> None:
    folder = own_rules(
        tmp_path,
        '[comparison.average_handle_time]\nact_on = 0.3\n[comparison.long_hold]\nid = "X1"\ntitle = "Long holds"\n'
        'contacts = "compared_leg"\nvalue = "cast(hold_ms > 120000 as integer)"\nscale = "share"\nbetter = "lower"\n'
        'act_on = 0.05\nminimum = 100\ncounted = "contact"\nadjusters = ["request_type", "queue * day"]\n',
    )
    catalogue = m.catalogue_of(Path())
    assert comparison_of(folder, catalogue, "M27").act_on == 0.3
    assert comparison_of(folder, catalogue, "M27").adjusters == RULES["average_handle_time"].adjusters
    assert comparison_of(folder, catalogue, "x1").title == "Long holds"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('adjusters = ["hold_ms"]', "'hold_ms' cannot be adjusted for: an adjuster is what the agent does not control"),
        ('adjusters = ["team * day"]', "'team' cannot be adjusted for"),
        ('contacts = "compared_calls"', "'compared_calls' is no statement of contacts"),
        ("act_on = 0", "act_on: 0 came, expected was greater than 0"),
        ("seconds = 3", "seconds is not known"),
    ],
)
def test_an_unfair_comparison_is_refused_at_once(tmp_path: Path, line: str, says: str) -> None:
    folder = own_rules(tmp_path, f"[comparison.average_handle_time]\n{line}\n")
    with pytest.raises(WrongUse, match=r"own\.toml: comparison\.average_handle_time: ") as caught:
        comparison_of(folder, m.catalogue_of(Path()), "M27")
    assert says in str(caught.value)


# ---- repeat contacts, by hand ----------------------------------------------------------------------------------------

HEADER = "call_id,queue,agent_id,channel,direction,start_time,wait_seconds,talk_seconds,hold_seconds,wrap_seconds,outcome,caller,service_type"
CHAIN = [
    # call, agent, day and time, caller, type, outcome
    ("a1", "A1", "2026-01-05T10:00:00", "3035550101", "trash", "answered"),  # repeated exactly 7 days later: failed
    ("a2", "A2", "2026-01-12T10:00:00", "3035550101", "trash", "answered"),  # a repeat is no anchor
    ("a3", "A3", "2026-01-19T09:00:00", "3035550101", "trash", "answered"),  # nor is the next of the chain
    ("b1", "A1", "2026-01-05T10:00:00", "3035550102", "trash", "answered"),  # back one second too late: resolved
    ("b2", "A2", "2026-01-12T10:00:01", "3035550102", "trash", "answered"),  # and so an anchor of its own
    ("c1", "A1", "2026-01-06T10:00:00", "3035550103", "trash", "answered"),  # about something else: no repeat
    ("c2", "A2", "2026-01-07T10:00:00", "3035550103", "noise", "answered"),
    ("d1", "A1", "2026-01-06T10:00:00", "", "trash", "answered"),  # nobody knows who rang
    ("e1", "A1", "2026-01-06T10:00:00", "3035550105", "trash", "answered"),  # rang again and gave up: failed
    ("e2", "", "2026-01-08T10:00:00", "3035550105", "trash", "abandoned"),
    ("f1", "", "2026-01-06T10:00:00", "3035550106", "trash", "abandoned"),  # gave up first:
    ("f2", "A1", "2026-01-06T10:05:00", "3035550106", "trash", "answered"),  # the first answer is the anchor
    ("g1", "A1", "2026-01-25T10:00:00", "3035550107", "trash", "answered"),  # window not complete at the end
    ("g2", "A2", "2026-01-26T10:00:00", "3035550107", "trash", "answered"),
    ("z1", "A2", "2026-01-31T10:00:00", "3035550109", "other", "answered"),
]


def test_repeats_are_charged_to_the_agent_of_the_first_contact(offer: Offer, empty_centre: Path) -> None:
    lines = [
        f"{call},general,{agent},voice,inbound,{at},5,{0 if outcome == 'abandoned' else 60},0,0,{outcome},{caller},{kind}"
        for call, agent, at, caller, kind, outcome in CHAIN
    ]
    assert (
        offer("calls.csv", "\n".join([HEADER, *lines]) + "\n", as_of="2026-03-01T00:00:00+00:00").verdict == "accepted"
    )
    with m.open_centre(empty_centre) as centre:
        january = m.Period(date(2026, 1, 1), date(2026, 2, 1))
        read = read_contacts(centre, RULES["first_contact_resolution"], january)
        keys = dict(centre.table("contact").select("contact_id", "source_key").iter_rows())
        found = {keys[row["row_id"]]: (row["agent"], row["value"]) for row in read.contacts.iter_rows(named=True)}
    assert found == {
        "a1": ("A1", 0.0),
        "b1": ("A1", 1.0),
        "b2": ("A2", 1.0),
        "c1": ("A1", 1.0),
        "c2": ("A2", 1.0),
        "e1": ("A1", 0.0),
        "f2": ("A1", 1.0),
    }
    assert {reason: n for reason, n in read.excluded.items() if n} == {
        "caller not known": 1,
        "a repeat itself": 3,
        "window not complete": 2,
    }


CASES = [
    # call, case kind, status, closed how long after the call began (seconds), what the vendor says, expected
    ("a", "information", "closed", 60, None, 1.0),
    ("b", "information", "closed", 4000, None, 0.0),
    ("c", "information", "open", None, None, None),
    ("d", "request", "closed", 60, None, None),
    ("e", "information", "closed", 60, False, 0.0),
]


def test_cases_are_resolved_there_and_then_or_not(offer: Offer, empty_centre: Path) -> None:
    header = f"{HEADER},case_number"
    lines = [
        f"{call},general,A1,voice,inbound,2026-01-05T10:00:00,0,100,0,20,answered,,trash,N{call}" for call, *_ in CASES
    ]
    offer("calls.csv", "\n".join([header, *lines]) + "\n")
    began = datetime.fromisoformat("2026-01-05T17:00:00")
    with Warehouse.open(empty_centre / "warehouse", read_only=False) as warehouse:
        columns = list(warehouse.frame("from lake.service_case limit 0").columns)
        usual = {"source_id": "crm", "load_id": 1, "line_no": 1, "exported_at": began, "time_q": "exact", "row_hash": 1}
        rows = []
        for number, (call, kind, status, after, vendor, _) in enumerate(CASES):
            closed = None if after is None else began + timedelta(seconds=after)
            case = {"case_id": number, "number": f"N{call}", "kind": kind, "status": status, "first_closed_at": closed}
            case |= {"first_contact_resolution_vendor": vendor, "source_key": call, **usual}
            rows.append(tuple(case.get(name) for name in columns))
        with warehouse.transaction():
            warehouse.append_rows("service_case", rows)
    with m.open_centre(empty_centre) as centre:
        read = read_contacts(centre, RULES["resolved_at_311"], m.Period.day(date(2026, 1, 5)))
        keys = dict(centre.table("contact").select("contact_id", "source_key").iter_rows())
        found = {keys[row["row_id"]]: row["value"] for row in read.contacts.iter_rows(named=True)}
    assert found == {call: expected for call, *_, expected in CASES if expected is not None}
    assert read.excluded["still pending"] == 1
    assert read.excluded["not an information case"] == 1
