"""What the benchmarks of one run found, printed as it comes and written to RESULTS.md when all have ended."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")
PACKAGES = ("duckdb", "polars", "pyarrow", "pandas", "dash", "weasyprint")
_told: dict[str, list[str]] = {}


def tell(words: str) -> None:
    """Print a line of the running benchmark, and keep it."""
    print(f"\n{words}", flush=True)  # noqa: T201 (a benchmark prints)
    running = os.environ.get("PYTEST_CURRENT_TEST", "").partition(" (")[0]
    _told.setdefault(running.replace("tests/benchmarks/", "").replace("::", " "), []).append(words)


def write(load_before: float) -> None:
    """Write what was told, with the machine, the versions and the day; nothing where nothing was."""
    if not _told:
        return
    told = [
        "# Results of the benchmarks",
        "",
        f"Written by `make bench` on {datetime.now(UTC):%d %B %Y}: {_machine()}; load {load_before:.1f} when it began "
        f"and {os.getloadavg()[0]:.1f} at the end, so that seconds of processor are the fairer figure.",
        f"Python {platform.python_version()}, " + ", ".join(f"{name} {version(name)}" for name in PACKAGES) + ".",
    ]
    for name, lines in _told.items():
        told += ["", f"## {name}", ""]
        for before, line in zip(["", *lines], lines, strict=False):
            # a table stands apart from the lines around it
            told += [""] if before and before.startswith("|") != line.startswith("|") else []
            told.append(line if line.startswith("|") else f"* {line}")
    RESULTS.write_text("\n".join(told) + "\n", encoding="utf-8")


def _machine() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores of {names[0] if names else platform.machine()}, {memory:.0f} GiB"
