"""How far long work has come: a bar on a terminal, plain lines elsewhere, nothing when quiet."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[str, int, int], None]


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[Progress]:
    """What long work tells its steps to: the step's name, how much is done, of how much."""
    if quiet:
        yield lambda step, done, total: None
    elif not sys.stderr.isatty():
        yield plain_line
    else:
        with _bar() as tell:
            yield tell


def plain_line(step: str, done: int, total: int) -> None:
    """A line at the end of each step."""
    if done == total:
        sys.stderr.write(f"{step}: {done} of {total}\n")


@contextmanager
def _bar() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    with Bar(console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def tell(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(step, total=total)
            bar.update(tasks[step], completed=done, total=total)

        yield tell
