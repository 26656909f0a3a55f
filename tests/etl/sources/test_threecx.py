"""3CX call detail records without a header, on a synthetic twin in the documented order of fields."""

from __future__ import annotations

import pytest

from tests.etl.sources.loaded import Loaded, load_files, written

# historyid, callid, duration, start, answered, end, reason, from, to, from-dn, to-dn, dial, changed, final, final-dn,
# bill code, rate, cost, name, chain, types of from, to and final, names, missed
RECORDS = """\
501,00000A_1,0:01:40,2024/02/05 15:00:00,2024/02/05 15:00:20,2024/02/05 15:02:00,TerminatedBySrc,3035550101,Ext.800,10000,800,,,Ext.101,101,,,,,Chain: 3035550101;Ext.800;Ext.101;,ExternalLine,Queue,Extension,A,Q,Ann,
502,00000A_2,,2024/02/05 15:10:00,,2024/02/05 15:10:35,TerminatedBySrc,3035550102,Ext.800,10000,800,,,,,,,,,Chain: 3035550102;Ext.800;,ExternalLine,Queue,,B,Q,,
503,00000A_3,0:00:50,2024/02/05 15:20:00,2024/02/05 15:20:10,2024/02/05 15:21:00,TerminatedByDst,3035550103,Ext.101,10000,101,,ReplacedDst,Ext.102,102,,,,,Chain: 3035550103;Ext.101;Ext.102;,ExternalLine,Extension,Extension,C,Ann,Bob,
504,00000A_3,0:01:00,2024/02/05 15:21:00,2024/02/05 15:21:05,2024/02/05 15:22:05,TerminatedByDst,3035550103,Ext.102,10000,102,,,Ext.102,102,,,,,Chain: 3035550103;Ext.102;,ExternalLine,Extension,Extension,C,Bob,Bob,
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    folder = tmp_path_factory.mktemp("threecx")
    return load_files(folder / "centre", written(folder, {"cdr.csv": RECORDS}))


def test_the_parts_of_calls(loaded: Loaded) -> None:
    result = loaded.results["cdr.csv"]
    assert (result.layout, result.good, result.quarantined) == ("threecx_call_records", 4, 0)
    legs = loaded["leg"].join(loaded["contact"].select("contact_id", "chain_key"), on="contact_id")
    names = ["leg_type", "queue_id", "agent_id", "wait_ms", "talk_ms", "end_reason"]
    assert legs.select("chain_key", "seq", *names).sort("chain_key", "seq").rows() == [
        ("00000A_1", 1, "queue", "800", "101", 20_000, 100_000, "caller"),
        ("00000A_2", 1, "queue", "800", None, 35_000, None, "abandon"),
        ("00000A_3", 1, "direct", None, "102", 10_000, 50_000, "blind_transfer"),
        ("00000A_3", 2, "direct", None, "102", 5_000, 60_000, "agent"),
    ]


def test_a_transfer_makes_another_record_of_the_same_call(loaded: Loaded) -> None:
    assert loaded["contact"].height == 3
    assert loaded["leg"]["acw_ms"].null_count() == 4


def test_numbers_in_the_chain_are_taken_out(loaded: Loaded) -> None:
    assert not loaded["source_record"]["fields"].str.contains("30355501").any()
