"""Many packets at once: what goes wrong with one agent is reported and stops nobody else's."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import metrics
from metrics import Centre, Period, Scope, WrongUse
from reports.review_packet import Work, write_packet


@dataclass(frozen=True)
class Batch:
    """The files written, and per agent without a packet the reason."""

    written: list[Path]
    failed: dict[str, str]


def packets(
    centre: Centre,
    agents: Sequence[str],
    during: Period,
    out: Path,
    *,
    scope: Scope,
    created_at: datetime | None = None,
    workers: int = 1,
) -> Batch:
    """Write the packets of many agents; with several workers each opens the same snapshot for itself."""
    if workers <= 1 or len(agents) < 2:
        return _written(centre, agents, during, out, scope=scope, created_at=created_at)
    parts = [list(agents[number::workers]) for number in range(workers)]
    with ProcessPoolExecutor(max_workers=workers) as pool:
        runs = [
            pool.submit(_in_worker, centre.folder, centre.snapshot, part, during, out, scope, created_at)
            for part in parts
            if part
        ]
        batches = [run.result() for run in runs]
    return Batch(
        sorted(path for batch in batches for path in batch.written),
        {agent: reason for batch in batches for agent, reason in batch.failed.items()},
    )


def _in_worker(
    folder: Path,
    snapshot: int,
    agents: Sequence[str],
    during: Period,
    out: Path,
    scope: Scope,
    created_at: datetime | None,
) -> Batch:
    with metrics.open_centre(folder, snapshot) as centre:
        return _written(centre, agents, during, out, scope=scope, created_at=created_at)


def _written(
    centre: Centre,
    agents: Sequence[str],
    during: Period,
    out: Path,
    *,
    scope: Scope,
    created_at: datetime | None,
) -> Batch:
    work = Work.of(centre, agents, during, scope=scope)
    batch = Batch([], {})
    for agent in agents:
        try:
            batch.written.extend(write_packet(work, agent, out, created_at=created_at))
        except WrongUse as error:
            batch.failed[agent] = str(error)
        except Exception as error:
            # the text of an unforeseen error may quote the record
            batch.failed[agent] = f"{type(error).__name__} while writing the packet; the others are not touched."
    return batch
