"""Contacts and cases find each other: by what one names, by the call id, by agent, time and number; the rest is counted."""

from __future__ import annotations

from pathlib import Path

import pytest

import metrics as m
from tests.etl.sources.conftest import TWINS
from tests.etl.sources.twin_city import load_twins, rows
from tests.warehouse_digest import digest

FILES = {name: (TWINS / name).read_bytes() for name in ("plain_calls.csv", "plain_cases.csv")}

LINKS = [
    # case, call, method, confidence
    ("P-1", "C-1", "cti", 0.99),  # the case names the call
    ("P-2", "C-2", "agent_time_phone", 0.95),  # saved by the call's agent while it lasted, for the same number
    ("P-3", "C-3", "agent_time", 0.6),  # saved by the agent a minute after the work on the call ended
    ("P-7", "C-5", "attribute", 1.0),  # the contact names the case
    # P-4: saved half an hour later, so by no call that is known; P-8: the centre's own work
]


def linked(folder: Path) -> list[tuple[object, ...]]:
    """Case, contact, method and confidence of every link between systems."""
    keys = dict(rows(folder, "contact", "contact_id", "chain_key"))
    found = rows(folder, "contact_case", "case_number", "contact_id", "method", "confidence")
    return [(number, keys[contact], method, sure) for number, contact, method, sure in found if method != "derived"]


def test_links_with_method_and_confidence(twin_city: Path) -> None:
    assert [link for link in linked(twin_city) if str(link[0]).startswith("P-")] == LINKS


def test_contacts_that_only_the_case_system_knows(twin_city: Path) -> None:
    found = rows(twin_city, "contact", "chain_key", "channel", "outcome", "direction", source_id="plain_crm")
    # by phone: the call is the contact; P-7: the e-mail is known already; P-8: nobody came
    assert found == [("P-5", "walk_in", "answered", "inbound"), ("P-6", "web", "self_served", "inbound")]
    others = {
        channel for source, channel in rows(twin_city, "contact", "source_id", "channel") if source != "plain_calls"
    }
    assert others == {"app", "email", "fax", "radio", "walk_in", "web"}


def test_the_rate_is_told_both_ways(twin_city: Path) -> None:
    with m.open_centre(twin_city) as centre:
        found = centre.named("facts/case_link").row(0, named=True)
    assert {name: found[name] for name in ("named", "linked", "calls", "linked_calls")} == {
        "named": 4,
        "linked": 4,
        "calls": 3,
        "linked_calls": 3,
    }
    assert found["linked_phone_cases"] == 3
    assert found["phone_cases"] == len([1 for (one,) in rows(twin_city, "service_case", "channel") if one == "voice"])


@pytest.mark.slow
def test_links_do_not_depend_on_which_system_comes_first(tmp_path: Path) -> None:
    found = []
    for number, order in enumerate((list(FILES), list(reversed(FILES)))):
        folder = tmp_path / str(number)
        for name in order:
            load_twins(folder, {name: FILES[name]})
        assert linked(folder) == LINKS
        found.append(digest(folder))
    assert found[0] == found[1]
