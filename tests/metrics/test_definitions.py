"""Definitions: all cards print, the glossary is true, a city's own metrics work, and bad ones are refused with their line."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from metrics import (
    Catalogue,
    Scope,
    WrongUse,
    catalogue_of,
    definition_card,
    definition_changes,
    definition_notes,
    glossary,
    measure,
)
from metrics.build import bring_up_to_date
from metrics.catalogue import HERE, shipped
from metrics.definition_files import read
from metrics.figures import FIGURE
from metrics.versions import fingerprint, keep_definitions
from tests.metrics.town import CUTOFF, at, call, calls, days, town

ROOT = Path(__file__).parents[2]
OWN = """
[measure.long_waits]
fact = "visit"
key = "arrival"
count = "is_live and wait_ms > 600000"

[metric.long_wait_share]
id = "X01"
title = "Waited over ten minutes"
numerator = "long_waits"
denominator = "visits_offered"
unit = "share"
better = "lower"
source = "the centre's own"
version = 1
"""


def own(folder: Path, text: str) -> Catalogue:
    (folder / "metrics").mkdir(exist_ok=True)
    (folder / "metrics" / "own.toml").write_text(text, encoding="utf-8")
    catalogue_of.cache_clear()
    return catalogue_of(folder)


@pytest.mark.parametrize("number", range(1, 65))
def test_every_entry_of_the_catalogue_is_there(number: int) -> None:
    found = [one for one in shipped().metrics.values() if one.id.split("+")[0].split("-")[0] == f"M{number:02d}"]
    assert found
    assert all(one.title and one.source and one.version >= 1 and one.floor >= 1 for one in found)


def test_the_shipped_definitions_pass_every_check_that_a_citys_own_must_pass() -> None:
    files = sorted((HERE / "definitions").glob("*.toml"))
    assert read([HERE / "facts.toml"], [], files).metrics == shipped().metrics


def test_every_card_prints_with_its_sql() -> None:
    for name in shipped().metrics:
        card = definition_card(shipped(), name)
        assert card.sql.startswith(("SELECT", "WITH"))
        assert f"Version    {card.metric.version}" in card.as_text()
        assert card.as_dict()["id"] == card.metric.id


def test_the_glossary_is_true() -> None:
    written = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    assert written.strip() == glossary(shipped()).strip(), "run: fairline define --glossary > docs/metrics.md"


def test_a_city_adds_a_metric_without_code(tmp_path: Path) -> None:
    catalogue = own(tmp_path, OWN)
    centre = town(**calls(call(1, at("2026-11-03T09:00"), wait=700), call(2, at("2026-11-03T09:00"), wait=10)))
    centre.catalogue = catalogue
    assert measure(centre, ["X01"], during=days("2026-11-03"), scope=Scope.whole_centre())["value"].to_list() == [0.5]


def test_a_city_puts_its_own_definition_in_place_of_a_shipped_one(tmp_path: Path) -> None:
    changed = '[measure.short_abandons]\nfact = "visit"\nkey = "arrival"\ncount = "is_live and outcome = \'abandoned\' and wait_ms < 10000"\n'
    catalogue = own(tmp_path, changed)
    assert "10000" in catalogue.measures["short_abandons"].condition
    assert fingerprint(catalogue, catalogue.metric("M06")) != fingerprint(shipped(), shipped().metric("M06"))
    assert "Your own   short_abandons, in place of" in definition_card(catalogue, "M06").as_text()
    assert "in place of" not in definition_card(catalogue, "M27").as_text()


def replaced(old: str, new: str) -> str:
    assert old in OWN
    return OWN.replace(old, new)


BAD = [
    ("a measure that is not known", replaced('"long_waits"', '"long_wait"'), r"line 7: long_wait_share: .*'long_wait'.* Did you mean long_waits"),
    ("a column that is not known", replaced("wait_ms", "waits_ms"), r"line 2: long_waits: visit has no column 'waits_ms'.* Did you mean wait_ms"),
    ("a fact that is not known", replaced('"visit"', '"visits"'), r"line 2: long_waits: there is no fact 'visits'.* Did you mean visit"),
    ("an interval key that is not known", replaced('key = "arrival"', 'key = "arival"'), r"no interval key 'arival'.* Did you mean arrival"),
    ("a field that is not known", replaced("better =", "beter ="), r"own.toml, line 13: long_wait_share: beter .* Did you mean better"),
    ("a unit that is not known", replaced('unit = "share"', 'unit = "percent"'), r"own.toml, line 12: long_wait_share: unit: 'percent' came, expected was 'count', 'share'"),
    ("a unit that is misspelt", replaced('unit = "share"', 'unit = "shares"'), r"unit: 'shares' came, .* Did you mean share"),
    ("a title that is missing", replaced('title = "Waited over ten minutes"\n', ""), r"own.toml, line 7: long_wait_share: title is missing"),
    ("a name that is taken", replaced("metric.long_wait_share", "metric.service_level"),
     r"own.toml, line 7: service_level is taken: Service level \(M20\) .* another name"),
    ("a measure's name that is taken", OWN.replace("long_waits", "contacts_offered").replace('fact = "visit"\nkey = "arrival"\ncount = "is_live and wait_ms > 600000"', 'fact = "handled_leg"\nkey = "completion"\ncount = "is_inbound"').replace('"visits_offered"', '"legs_with_talk"'),
     r"own.toml, line 2: contacts_offered takes the place of .* another name"),
    ("an id that is taken", replaced('"X01"', '"M20"'), r"own.toml, line 8: .*share the id M20"),
    ("a division in a formula", replaced('"visits_offered"', '"long_waits / visits_offered"'), r"long_wait_share: .*not a sum of measures"),
    ("a mean of ratios", replaced('count = "is_live and wait_ms > 600000"', 'sum = "wait_ms / target_ms"'), r"line 2: long_waits: .*mean of ratios"),
    ("a sum of shares", replaced('fact = "visit"', 'fact = "reported_day"').replace('count = "is_live and wait_ms > 600000"', 'sum = "service_level"'),
     r"mean of ratios"),
    ("an aggregate in an expression", replaced("wait_ms > 600000", "wait_ms > avg(wait_ms)"), r"figure of many rows"),
    ("a query in an expression", replaced("wait_ms > 600000", "wait_ms > (select 1)"), r"no query of its own"),
    ("parts of different intervals", replaced('"visits_offered"', '"legs_handled"'), r"different intervals \(arrival and completion\)"),
    ("an expression that cannot be read", replaced("wait_ms > 600000", "wait_ms >"), r"cannot be read"),
    ("a need that is not known", OWN + 'needs = ["talks"]\n', r"needs names 'talks'.* Did you mean talk"),
    ("text that is not TOML", OWN + "version\n", r"own.toml cannot be read: .*line 16"),
    ("a section that is not known", OWN.replace("[metric.", "[metrics."), r"\[metrics\] is not known.* Did you mean metric"),
    ("things counted once where days are added up", replaced('count = "is_live and wait_ms > 600000"', 'distinct = "contact_id"'), r"cannot be added up over days"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "answer"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_a_bad_definition_is_refused_at_the_start(tmp_path: Path, text: str, answer: str) -> None:
    with pytest.raises(WrongUse, match=answer):
        own(tmp_path, text)


def test_a_change_of_definition_is_kept_and_one_without_a_new_version_shows(tmp_path: Path) -> None:
    centre = town(**calls(call(1, at("2026-11-03T09:00"))))
    centre.catalogue = own(tmp_path, OWN)
    assert keep_definitions(centre) == len(centre.catalogue.metrics)
    assert keep_definitions(centre) == 0
    for limit, version in ((300000, 2), (200000, 2)):
        centre.catalogue = own(
            tmp_path, OWN.replace("600000", str(limit)).replace("version = 1", f"version = {version}")
        )
        assert keep_definitions(centre) == 1
    found = definition_changes(centre)
    assert found.select("metric", "version_before", "version", "is_versioned").rows() == [
        ("long_wait_share", 1, 2, True),
        ("long_wait_share", 2, 2, False),
    ]
    assert "wait_ms > 300000" in found["formula"][0]
    first, second = definition_notes(centre, ["long_wait_share", "service_level"])
    assert "is counted otherwise since 2026-12-31 (version 2 in place of 1)" in first
    assert re.search(r"before, .*600000.*; now, .*300000", first)
    assert "still called version 2" in second
    assert definition_notes(centre, ["service_level"]) == []
    # each follows the one before by the smallest step there is, and nothing came after that
    assert definition_notes(centre, ["long_wait_share"], since=CUTOFF + timedelta(milliseconds=1)) == []


def test_a_build_keeps_the_definitions_with_the_figures(loaded_city: Path) -> None:
    from metrics import open_centre

    with open_centre(loaded_city) as centre:
        kept: Any = centre.named("facts/definition")
    assert set(kept["metric"]) == set(shipped().metrics)
    assert bring_up_to_date(loaded_city) == 0


def test_no_dimension_bears_the_name_of_a_figures_own_column() -> None:
    """A dimension called reason was overwritten by the reason why a figure is missing."""
    own_columns = {"metric", *FIGURE}
    assert {name: own_columns & set(fact.dimensions) for name, fact in shipped().facts.items()} == {
        name: set() for name in shipped().facts
    }
