"""Files of one layout and one header that read otherwise: each is parted as it was written, also in one command."""

from __future__ import annotations

from pathlib import Path

from tests.etl.sources.conftest import TWINS
from tests.etl.sources.twin_city import load_twins, rows


def test_one_header_between_two_delimiters_and_beneath_a_title(tmp_path: Path) -> None:
    gradings = (TWINS / "queuemetrics_qa.csv").read_text(encoding="utf-8")
    title, header, *cases = (TWINS / "peoplesoft_cases.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    files = {
        "semicolons.csv": gradings,
        "commas.csv": gradings.replace(";", ",").replace("lead1", "lead2"),
        "titled.csv": "".join([title, header, *cases]),
        "untitled.csv": "".join([header, *cases]).replace("CRM0", "CRM1"),
    }
    results = load_twins(tmp_path, files)
    assert {name: (one.good, one.reasons) for name, one in results.items()} == {
        "semicolons.csv": (2, {}),
        "commas.csv": (2, {}),
        "titled.csv": (3, {}),
        "untitled.csv": (3, {}),
    }
    assert len(rows(tmp_path, "evaluation", "evaluation_id")) == 4
    assert len(rows(tmp_path, "service_case", "case_id")) == 6
