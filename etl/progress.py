"""How far long work has come: a bar with rate and time left on a terminal, else plain lines, nothing when quiet."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

Progress = Callable[[str, int, int], None]
# steps that count bytes; others count their own pieces
IN_BYTES = frozenset({"reading", "loading"})


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[Progress]:
    """What long work tells its steps to: the step's name, how much is done, of how much."""
    if quiet:
        yield lambda step, done, total: None
    elif not sys.stderr.isatty():
        yield plain_line
    else:
        from rich.console import Console

        with bar(Console(stderr=True)) as tell:
            yield tell


def plain_line(step: str, done: int, total: int) -> None:
    """A line at the end of each step."""
    if done == total:
        sys.stderr.write(f"{step}: {size(total) if step in IN_BYTES else total}\n")


def size(count: float) -> str:
    """Bytes as people read them.

    >>> size(812), size(15_644_899)
    ('812 bytes', '15.6 MB')
    """
    if count < 1000:
        return f"{count:.0f} bytes"
    for unit in ("kB", "MB", "GB"):
        count /= 1000
        if count < 1000 or unit == "GB":
            break
    return f"{count:.1f} {unit}"


def amount(step: str, done: float, total: float, speed: float | None, seconds_left: float | None) -> str:
    """What is done of a step, how fast it goes and how long it will take, as far as that is known yet.

    >>> amount("loading", 30_000_000, 118_000_000, 12_500_000, 7)
    '30.0 MB of 118.0 MB, 12.5 MB/s, 0:07 left'
    >>> amount("measuring", 3, 14, None, None)
    '3 of 14'
    """
    if step not in IN_BYTES:
        return f"{done:.0f} of {total:.0f}"
    parts = [f"{size(done)} of {size(total)}"]
    parts += [f"{size(speed)}/s"] if speed else []
    if seconds_left and done < total:
        minutes, seconds = divmod(round(seconds_left), 60)
        parts.append(f"{minutes}:{seconds:02d} left")
    return ", ".join(parts)


@contextmanager
def bar(console: Console) -> Iterator[Progress]:
    """A bar for each step, gone when the work is done."""
    from rich.progress import BarColumn, ProgressColumn, Task, TaskID, TextColumn
    from rich.progress import Progress as Bar
    from rich.text import Text

    class Amount(ProgressColumn):
        def render(self, task: Task) -> Text:
            total = task.total or 0
            return Text(amount(task.description, task.completed, total, task.speed, task.time_remaining))

    # the rate is that of the last minutes, since files of one load may take very different times
    with Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        Amount(),
        console=console,
        transient=True,
        speed_estimate_period=120,
    ) as shown:
        tasks: dict[str, TaskID] = {}

        def tell(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = shown.add_task(step, total=total)
            shown.update(tasks[step], completed=done, total=total)

        yield tell
