"""One figure, everywhere the same: what a paper says, what the command line prints, what `measure` computes, what the rows add up to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import fairline
import metrics as m
import reports
from metrics.month.figures import CARDS as MONTH_CARDS
from metrics.parts import Table
from reports import day_measured, packet_work
from tests.reports.conftest import agent_of

EVERYONE = m.Scope.whole_centre()
DAY = date(2026, 11, 12)
SHEET_DAY = m.Period.day(DAY)
NOVEMBER = m.Period.month(2026, 11)
TEAM = "Day A"
Numbers = tuple[float | None, float | None, float | None, int]
Printed = dict[tuple[object, ...], Numbers]


def asked(folder: Path, names: Sequence[str], during: m.Period, *, by: str = "", where: str = "") -> Printed:
    """What `fairline query --format json` prints, by metric and dimension."""
    words = ["query", ",".join(names), "--from", f"{during.first}", "--to", f"{during.until}", "--format", "json"]
    words += ["--centre", str(folder), *(["--by", by] if by else []), *(["--where", where] if where else [])]
    done = CliRunner().invoke(fairline.app, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    dimensions = by.split(",") if by else []
    return {
        (row["metric"], *(row[name] for name in dimensions)): (
            row["value"], row["numerator"], row["denominator"], row["n"],
        )
        for row in json.loads(done.stdout)
    }  # fmt: skip


def numbers(figure: m.Figure) -> Numbers:
    return figure.value, figure.numerator, figure.denominator, figure.n


def assert_same(printed: Mapping[Any, Numbers], shown: Mapping[Any, m.Figure], *, at_least: int) -> None:
    """Every figure shown is the one printed; one that is not printed rests on nothing."""
    assert len(shown) >= at_least
    assert sum(key in printed for key in shown) >= at_least // 2
    nothing = (None, None, None, 0)
    different = {
        key: (numbers(figure), printed.get(key, nothing))
        for key, figure in shown.items()
        if (key in printed or figure.n) and numbers(figure) != printed.get(key, nothing)
    }
    assert different == {}


def of_table(table: Table, names: Sequence[str], *, skip: int = 0) -> dict[tuple[object, ...], m.Figure]:
    """The figures of a table by metric and row."""
    return {
        (name, row.label): cell
        for row in table.rows
        for name, cell in zip(names, row.cells[skip:], strict=True)
        if isinstance(cell, m.Figure)
    }


def by_label(printed: Printed, called: dict[object, str]) -> Printed:
    return {(metric, called.get(value, value)): figures for (metric, value), figures in printed.items()}


# ---- the daily sheet -----------------------------------------------------------------------------------------------


def test_the_daily_sheet_says_what_a_query_prints(city: m.Centre) -> None:
    sheet = reports.daily_content(city, DAY, team=None, scope=EVERYONE)
    names = tuple(dict.fromkeys((*day_measured.ACCESS, *day_measured.HANDLING, *day_measured.REQUESTS)))
    printed = asked(city.folder, names, SHEET_DAY)
    assert sheet.queues is not None
    assert sheet.departments is not None
    shown = {(card.figure.metric.name,): card.figure for card in sheet.cards}
    for table in (sheet.queues, sheet.departments, sheet.agents):
        assert table.total is not None
        shown |= {(cell.metric.name,): cell for cell in table.total.cells if isinstance(cell, m.Figure)}
    assert set(shown) == {(name,) for name in names}
    assert_same(printed, shown, at_least=20)


def test_the_daily_sheets_tables_say_what_queries_by_dimension_print(city: m.Centre) -> None:
    sheet = reports.daily_content(city, DAY, team=None, scope=EVERYONE)
    called: dict[object, str] = dict(city.table("queue").select("queue_id", "name").iter_rows())
    assert sheet.queues is not None
    queues = by_label(asked(city.folder, list(day_measured.ACCESS), SHEET_DAY, by="queue"), called)
    assert_same(queues, of_table(sheet.queues, list(day_measured.ACCESS)), at_least=40)
    departments = asked(city.folder, list(day_measured.REQUESTS), SHEET_DAY, by="department")
    assert sheet.departments is not None
    assert_same(departments, of_table(sheet.departments, list(day_measured.REQUESTS)), at_least=25)
    roster = m.roster(city, during=SHEET_DAY, scope=EVERYONE)
    people: dict[object, str] = dict(roster.select("agent_id", "name").iter_rows())
    agents = by_label(asked(city.folder, list(day_measured.HANDLING), SHEET_DAY, by="agent"), people)
    assert_same(agents, of_table(sheet.agents, list(day_measured.HANDLING), skip=1), at_least=40)


def test_a_teams_sheet_says_what_a_query_of_the_team_prints(city: m.Centre) -> None:
    sheet = reports.daily_content(city, DAY, team=TEAM, scope=EVERYONE)
    own = {(card.figure.metric.name,): card.figure for card in sheet.cards if not card.whose}
    assert_same(asked(city.folder, [name for (name,) in own], SHEET_DAY, where=f"team={TEAM}"), own, at_least=5)


# ---- the packet ----------------------------------------------------------------------------------------------------


def test_the_packet_says_what_a_query_of_the_agent_prints(city: m.Centre) -> None:
    agent = agent_of(city)
    packet = reports.packet_content(reports.Work.of(city, [agent], NOVEMBER, scope=EVERYONE), agent)
    own, teams = {}, {}
    for name, row in zip(packet_work.MEASURES, packet.measures.rows, strict=False):
        mine, _, team = row.cells[:3]
        assert isinstance(mine, m.Figure)
        assert isinstance(team, m.Figure)
        own[name,], teams[name,] = mine, team
    measures = list(packet_work.MEASURES)
    assert_same(asked(city.folder, measures, NOVEMBER, where=f"agent={agent}"), own, at_least=8)
    (team_name,) = packet.person.teams
    assert_same(asked(city.folder, measures, NOVEMBER, where=f"team={team_name}"), teams, at_least=8)
    kinds = list(packet_work.KIND_MEASURES)
    printed = asked(city.folder, kinds, NOVEMBER, by="request_type", where=f"agent={agent}")
    table = next(one for one in packet.kinds if one.heading == "Request type")
    assert_same(printed, of_table(table, kinds), at_least=10)


# ---- the month -----------------------------------------------------------------------------------------------------


CAPTIONS = ["By queue, with its target", "By department", "Time to close, of requests created this month"]


def test_the_months_tables_say_what_queries_by_dimension_print(city: m.Centre) -> None:
    report = reports.monthly_content(city, DAY, scope=EVERYONE)
    tables = {part.caption: part for section in report.sections for part in section.parts if isinstance(part, Table)}
    for caption in CAPTIONS:
        table = tables[caption]
        heads = [head.question for head in table.columns]
        names = [question.metric for question in heads if question]
        printed = asked(city.folder, names, NOVEMBER, by=table.by)
        shown: dict[tuple[object, ...], m.Figure] = {
            (name, row.key[0]): cell
            for row in table.rows
            for name, cell in zip(names, row.cells, strict=True)
            if isinstance(cell, m.Figure)
        }
        assert_same(printed, shown, at_least=3 * len(names))
    cards = {(card.figure.metric.name,): card.figure for card in report.cards}
    assert_same(asked(city.folder, list(MONTH_CARDS), NOVEMBER), cards, at_least=6)


# ---- the command line against `measure` and the rows ---------------------------------------------------------------


def test_the_command_line_prints_what_measure_computes(city: m.Centre) -> None:
    names = sorted(city.catalogue.metrics)
    frame = m.measure(city, names, during=NOVEMBER, scope=EVERYONE)
    computed = {(row[0],): row[1:5] for row in frame.iter_rows()}
    assert asked(city.folder, names, NOVEMBER) == computed


BEHIND = ["service_level", "abandon_rate", "average_speed_of_answer", "average_handle_time", "on_time_closure_rate"]


@pytest.mark.parametrize("name", [*BEHIND, "contacts_received", "legs_handled", "requests_closed"])
def test_the_rows_that_are_printed_add_up_to_the_figure(city: m.Centre, name: str) -> None:
    words = ["rows", name, "--from", "2026-11-12", "--to", "2026-11-13", "--format", "json", "--centre"]
    done = CliRunner().invoke(fairline.app, [*words, str(city.folder)], catch_exceptions=False)
    behind = json.loads(done.stdout)
    _, numerator, denominator, _ = asked(city.folder, [name], SHEET_DAY)[name,]
    scale = 1000 if city.catalogue.metric(name).unit == "seconds" else 1
    assert sum(row["counted"] for row in behind) == pytest.approx((numerator or 0) * scale)
    if denominator is not None:
        assert sum(row["in_base"] for row in behind) == denominator
    assert all(row["source_file"] and row["line"] >= 2 for row in behind)


def test_an_earlier_snapshot_still_gives_its_figures(city: m.Centre) -> None:
    words = ["query", "service_level", "--from", "2026-11-12", "--to", "2026-11-13", "--format", "json", "--centre"]
    now, then = (
        CliRunner().invoke(fairline.app, [*words, str(city.folder), *more], catch_exceptions=False).stdout
        for more in ([], ["--snapshot", str(city.snapshot)])
    )
    assert json.loads(now) == json.loads(then)
