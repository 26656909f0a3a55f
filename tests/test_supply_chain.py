"""What Fairline is made of: pinned by hash, listed, under licences that let anybody use it, and silent on the network."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
PERMISSIVE = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|Mozilla Public License|MPL|Zope Public License|0BSD",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def components() -> list[dict[str, Any]]:
    """What scripts/bill-of-materials lists."""
    script = ROOT / "scripts" / "bill-of-materials"
    if sys.platform == "win32" or not script.exists():
        pytest.skip("the scripts run where there is a shell, from a checkout")
    told = subprocess.run(
        [script], check=True, capture_output=True, text=True, env={"PYTHON": sys.executable, "PATH": "/usr/bin:/bin"}
    )
    bill = json.loads(told.stdout)
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    found: list[dict[str, Any]] = bill["components"]
    return found


def test_every_locked_release_is_listed_with_its_hashes(components: list[dict[str, Any]]) -> None:
    locked = re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / "requirements" / "runtime.txt").read_text(), re.MULTILINE)
    assert [one["name"] for one in components] == locked
    assert [one["name"] for one in components if not one["hashes"]] == []


# what the product needs without naming it in an import, and who asks for it
ASKED_FOR_BY_OTHERS = {
    "duckdb-extension-ducklake": "sql/engine.py loads it by its file",
    "duckdb-extension-sqlite-scanner": "sql/engine.py loads it by its file",
    "duckdb-extension-postgres-scanner": "sql/engine.py loads it by its file",
    "duckdb-extension-httpfs": "sql/engine.py loads it by its file",
    "flask-compress": "Dash, where compress=True",
    "tzdata": "zoneinfo, where the system has no zones",
}
IMPORTED_AS = {"argon2-cffi": "argon2"}


def test_every_dependency_is_used() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    names = [re.split(r"[^A-Za-z0-9-]", one)[0] for one in declared]
    sources = (
        "\n".join(
            file.read_text()
            for part in ("etl", "metrics", "dashboards", "reports", "sql")
            for file in (ROOT / part).rglob("*.py")
        )
        + (ROOT / "fairline.py").read_text()
    )
    unused = [
        name
        for name in names
        if name not in ASKED_FOR_BY_OTHERS
        and not re.search(rf"\b(import|from) {IMPORTED_AS.get(name, name).replace('-', '_')}\b", sources)
    ]
    assert unused == []


def test_every_licence_lets_anybody_use_it(components: list[dict[str, Any]]) -> None:
    stated = {one["name"]: json.dumps(one["licenses"]) for one in components if "licenses" in one}
    assert len(stated) > 60
    assert {name: words for name, words in stated.items() if not PERMISSIVE.search(words)} == {}


def test_the_oracles_of_the_tests_are_no_part_of_it(components: list[dict[str, Any]]) -> None:
    assert not {"krippendorff", "pingouin"} & {one["name"] for one in components}
