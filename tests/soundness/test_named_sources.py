"""A file that is loaded under a source of its own still finds what it belongs to: answers, disputes and re-scores."""

from __future__ import annotations

from pathlib import Path

import pytest

import metrics as m
from etl.load import load
from metrics.quality import evaluations
from tests.conftest import NOW

NOVEMBER = m.Period.month(2026, 11)
EVERYONE = m.Scope.whole_centre()
CALLS = (
    "call_id,queue,agent_id,channel,direction,start_time,wait_seconds,talk_seconds,hold_seconds,wrap_seconds,outcome,caller\n"
    "C1,general,A1,voice,inbound,2026-11-09T09:00:00,5,60,0,5,answered,\n"
)
HEAD = (
    "evaluation_id,form_id,form_version,call_id,agent_id,evaluator_id,type,selection,contact_at,submitted_at,score,"
    "session_id,supersedes\n"
)
FIRST = "Q1,F,1,C1,A1,E1,standard,random,2026-11-09T09:00:00,2026-11-10T09:00:00,40,,\n"
AGAIN = "Q2,F,1,C1,A1,E2,rescore,random,2026-11-09T09:00:00,2026-11-12T09:00:00,90,,Q1\n"
ANSWERS = "evaluation_id,item_id,points,max_points,is_na,failed,value\nQ1,greeting,0,1,no,yes,\nQ1,answer,4,4,no,no,\n"
DISPUTES = (
    "dispute_id,evaluation_id,opened_at,opened_by,decided_at,decided_by,decision,items,score_before,score_after\n"
    "D1,Q1,2026-11-11T09:00:00,A1,2026-11-12T09:00:00,L1,changed,greeting,40,90\n"
)


FILES = {"evaluations": HEAD + FIRST + AGAIN, "answers": ANSWERS, "disputes": DISPUTES}


def loaded(centre: Path, source: str | None, files: dict[str, str]) -> None:
    """Load files, the answers before what they belong to, under a source of their own or under none."""
    for name, content in sorted(files.items()):
        path = centre / "inbox" / f"{source}_{name}.csv"
        path.write_text(content, encoding="utf-8")
        (result,) = load(centre, [path], now=NOW, source=source, new_source=source is not None)
        assert (result.verdict, result.quarantined) == ("accepted", 0)


@pytest.mark.parametrize("source", [None, "quality_tool"])
def test_answers_and_disputes_find_their_evaluation_under_the_source_that_was_named(
    empty_centre: Path, source: str | None
) -> None:
    loaded(empty_centre, None, {"calls": CALLS})
    loaded(empty_centre, source, FILES)
    with m.open_centre(empty_centre) as centre:
        kept = {row["evaluation_key"]: row for row in evaluations(centre, during=NOVEMBER, scope=EVERYONE).to_dicts()}
        first = kept["Q1"]["evaluation_id"]
        assert set(centre.table("answer")["evaluation_id"]) == {first}
        assert set(centre.table("dispute")["evaluation_id"]) == {first}
        # the re-score counts in place of the first one
        assert {key: row["is_counted"] for key, row in kept.items()} == {"Q1": False, "Q2": True}
        assert kept["Q1"]["is_disputed"]


def test_two_tools_that_give_the_same_numbers_are_kept_apart(empty_centre: Path) -> None:
    loaded(empty_centre, None, {"calls": CALLS})
    other = {
        name: content.replace("Q1,greeting,0,1,no,yes", "Q1,greeting,1,1,no,no")
        .replace("L1", "L7")
        .replace(",E1,", ",E7,")
        for name, content in FILES.items()
    }
    loaded(empty_centre, None, FILES)
    loaded(empty_centre, "quality_tool", other)
    with m.open_centre(empty_centre) as centre:
        said = centre.table("answer").filter(item_id="greeting")
        assert sorted(said.select("source_id", "points").iter_rows()) == [("plain_answers", 0), ("quality_tool", 1)]
        assert said["evaluation_id"].n_unique() == 2
        assert set(said["evaluation_id"]) < set(centre.table("evaluation")["evaluation_id"])
