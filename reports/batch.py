"""Many packets at once: measured together, laid out by several processes; one bad record costs one packet.

What is there and unchanged is not written again. The figures are asked for in this process; the others only lay out.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

import metrics
from metrics import Centre, Period, Scope, WrongUse
from reports.completeness import missing, refuse_incomplete
from reports.issue import Issue, is_there, issue
from reports.packet_work import Work, unknown_agent
from reports.people import Notes
from reports.review_packet import made_of, packet_issue, packet_stem

Progress = Callable[[int, int], None]
# packets put together for each process that lays out
AHEAD = 3


@dataclass(frozen=True)
class Batch:
    """The files written, per agent without a packet the reason, and who had one already that is unchanged."""

    written: list[Path] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    unchanged: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """What became of it, and why somebody has no packet."""
        made = len({path.stem for path in self.written if path.suffix in (".pdf", ".html")})
        counts = f"{made} written, {len(self.unchanged)} unchanged, {len(self.failed)} could not be written."
        return "\n".join([*(f"No packet for {agent}: {why}" for agent, why in self.failed.items()), counts])


@dataclass(frozen=True)
class Wanted:
    """What is asked of every packet of a batch; `needs_all` refuses a period whose data have not all arrived."""

    during: Period
    out: Path
    scope: Scope
    notes: Notes = field(default_factory=dict)
    created_at: datetime | None = None
    form: str = ""
    needs_all: bool = False


def everybody(centre: Centre, during: Period, *, scope: Scope) -> list[str]:
    """The agents of a period: those on the roster and those who handled anything, by id."""
    listed = metrics.roster(centre, during=during, scope=scope)["agent_id"].to_list()
    worked = metrics.Asker(centre, scope).by(("legs_handled",), ["agent"], during)
    return sorted({*listed, *(str(key[0]) for key in worked.keys if key[0] is not None)})


def check_agent(centre: Centre, agent: str, during: Period, *, scope: Scope) -> None:
    """Raise WrongUse for an agent of whom a period knows nothing, before anything is measured for the packet."""
    known = everybody(centre, during, scope=scope)
    if agent not in known:
        raise unknown_agent(agent, during, known)


def packets(
    centre: Centre, agents: Sequence[str], wanted: Wanted, *, workers: int = 1, progress: Progress | None = None
) -> Batch:
    """Write the packets of many agents; what is there and unchanged stays. Raises WrongUse where data are missing."""
    during, out, centre = wanted.during, wanted.out, centre.still()
    lacking = missing(centre, "packet", during, scope=wanted.scope)
    if wanted.needs_all:
        refuse_incomplete(lacking, during)
    batch = Batch()
    left: list[str] = []
    for agent in agents:
        digest = made_of(centre, agent, during, wanted.scope, wanted.notes, wanted.created_at)
        there = not wanted.form and is_there(out, packet_stem(agent, during), digest)
        (batch.unchanged if there else left).append(agent)
    if not left:
        return batch
    tell = _counter(progress, len(agents), len(batch.unchanged))
    work = Work.of(centre, left, during, scope=wanted.scope, notes=wanted.notes)
    issues = _issues(work, left, wanted, lacking, batch, tell)
    if workers > 1 and len(left) > 1:
        _by_many(issues, wanted, batch, workers, tell)
        batch.written.sort()
    else:
        for agent, made in issues:
            _take(batch, agent, partial(issue, made, out, wanted.form))
            tell()
    return batch


def _counter(progress: Progress | None, total: int, done: int) -> Callable[[], None]:
    reached = [done]

    def tell() -> None:
        reached[0] += 1
        if progress is not None:
            progress(reached[0], total)

    return tell


def _issues(
    work: Work,
    agents: Sequence[str],
    wanted: Wanted,
    lacking: tuple[str, ...],
    batch: Batch,
    tell: Callable[[], None],
) -> Iterator[tuple[str, Issue]]:
    """Each agent's packet as plain data; one whose figures cannot be had is noted and left out."""
    for agent in agents:
        made: list[Issue] = []

        def make(agent: str = agent, made: list[Issue] = made) -> list[Path]:
            made.append(packet_issue(work, agent, created_at=wanted.created_at, incomplete=lacking))
            return []

        if _take(batch, agent, make):
            yield agent, made[0]
        else:
            tell()


def _by_many(
    issues: Iterator[tuple[str, Issue]], wanted: Wanted, batch: Batch, workers: int, tell: Callable[[], None]
) -> None:
    """Hand the packets to processes that lay them out while the next are put together here."""
    known = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in known else None)
    if context.get_start_method() == "forkserver":
        context.set_forkserver_preload(["reports.issue"])
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        running: dict[Future[list[Path]], str] = {}

        def collect(*, most: int) -> None:
            while len(running) > most:
                for run in wait(running, return_when=FIRST_COMPLETED).done:
                    _take(batch, running.pop(run), run.result)
                    tell()

        for agent, made in issues:
            running[pool.submit(issue, made, wanted.out, wanted.form)] = agent
            # so many wait for a process, and no more are put together before: all at once take much memory
            collect(most=AHEAD * workers)
        collect(most=0)


def _take(batch: Batch, agent: str, write: Callable[[], list[Path]]) -> bool:
    """Note the files of a packet, or why there is none."""
    try:
        batch.written.extend(write())
    except WrongUse as error:
        batch.failed[agent] = str(error)
    except Exception as error:
        # the text of an unforeseen error may quote the record
        batch.failed[agent] = f"{type(error).__name__} while writing the packet; the others are not touched."
    else:
        return True
    return False
