"""Long work says how far it has come: in bytes, with rate and time left, on a terminal; in a line a step elsewhere."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from etl.progress import amount, bar, plain_line, size

AMOUNTS = [
    # step, done, total, speed, seconds left, what is shown
    ("loading", 0, 118_000_000, None, None, "0 bytes of 118.0 MB"),
    ("loading", 59_000_000, 118_000_000, 5_900_000, 10, "59.0 MB of 118.0 MB, 5.9 MB/s, 0:10 left"),
    ("reading", 2_500_000_000, 4_000_000_000, 20_000_000, 75, "2.5 GB of 4.0 GB, 20.0 MB/s, 1:15 left"),
    ("loading", 118_000_000, 118_000_000, 5_900_000, 0, "118.0 MB of 118.0 MB, 5.9 MB/s"),
    ("measuring", 3, 14, 2.0, 5, "3 of 14"),
]


@pytest.mark.parametrize(("step", "done", "total", "speed", "left", "shown"), AMOUNTS)
def test_what_is_done_the_rate_and_the_time_left(
    step: str, done: float, total: float, speed: float | None, left: float | None, shown: str
) -> None:
    assert amount(step, done, total, speed, left) == shown


@pytest.mark.parametrize(
    ("count", "shown"), [(0, "0 bytes"), (999, "999 bytes"), (1_000, "1.0 kB"), (2.5e12, "2500.0 GB")]
)
def test_sizes_as_people_read_them(count: float, shown: str) -> None:
    assert size(count) == shown


def test_a_terminal_shows_a_bar_of_bytes() -> None:
    screen = io.StringIO()
    with bar(Console(file=screen, force_terminal=True, width=100)) as tell:
        tell("reading", 0, 4_000_000)
        tell("reading", 4_000_000, 4_000_000)
    assert "reading" in screen.getvalue()
    assert "4.0 MB of 4.0 MB" in screen.getvalue()


def test_elsewhere_a_step_ends_with_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    for step, done, total in (
        ("loading", 1_000_000, 2_000_000),
        ("loading", 2_000_000, 2_000_000),
        ("measuring", 9, 9),
    ):
        plain_line(step, done, total)
    assert capsys.readouterr().err == "loading: 2.0 MB\nmeasuring: 9\n"
