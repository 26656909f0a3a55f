"""Intake against the bare engine, its memory, a year of a large centre and a normal day, all by the command line.

Run it as: pytest tests/benchmarks/bench_intake.py -o python_files='bench_*.py' -o python_functions='bench_*' -s -n0
FAIRLINE_BENCH_ROWS says how many rows (default 1,000,000). It prints, and asserts nothing about time.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from etl.centre import create_centre
from tests.benchmarks.results import tell

ROOT = Path(__file__).parents[2]
ROWS = int(os.environ.get("FAIRLINE_BENCH_ROWS", "1000000"))
CALLS = """
    copy (
        select
            'C' || lpad(i::varchar, 9, '0') as call_id,
            ['general', 'parking', 'water', 'permits'][1 + i % 4] as queue,
            case when i % 11 > 0 then 'A' || lpad((i * 7919 % 80)::varchar, 3, '0') end as agent_id,
            'voice' as channel,
            'inbound' as direction,
            strftime(timestamp '2025-01-05 08:00:00' + to_seconds(i * 31_000_000 // $rows), '%Y-%m-%dT%H:%M:%S') || '-07:00'
                as start_time,
            i * 104_729 % 300 as wait_seconds,
            case when i % 11 > 0 then 10 + i * 7907 % 890 end as talk_seconds,
            case when i % 11 > 0 then i * 31 % 90 end as hold_seconds,
            case when i % 11 > 0 then i * 37 % 90 end as wrap_seconds,
            case when i % 11 > 0 then 'answered' else 'abandoned' end as outcome,
            '+1303' || lpad((i * 611_953 % 400_000 + 5_550_000)::varchar, 7, '0') as caller
        from range($from, $until) as numbers(i)
    ) to '{path}' (header, delimiter ',')
"""
STATES = """
    copy (
        select
            'A' || lpad((i % 80)::varchar, 3, '0') as agent_id,
            ['available', 'handling', 'acw', 'not_ready'][1 + i // 80 % 4] as state,
            case when i // 80 % 4 = 3 then 'break' end as reason,
            strftime(timestamp '2025-01-05 08:00:00' + to_seconds(i // 80 * 80 * 31_000_000 // $rows), '%Y-%m-%dT%H:%M:%S') || '-07:00'
                as start_time,
            strftime(
                timestamp '2025-01-05 08:00:00' + to_seconds(i // 80 * 80 * 31_000_000 // $rows + 60 + i % 60), '%Y-%m-%dT%H:%M:%S'
            ) || '-07:00' as end_time
        from range($from, $until) as numbers(i)
    ) to '{path}' (header, delimiter ',')
"""
CASES = """
    copy (
        select
            'S' || i as case_number,
            strftime(timestamp '2025-01-05 08:00:00' + to_seconds(i * 31_000_000 // $rows), '%Y-%m-%dT%H:%M:%S') || '-07:00'
                as opened_at,
            case when i % 5 > 0 then 'closed' else 'open' end as status,
            ['phone', 'web', 'app', 'email'][1 + i % 4] as channel,
            'Type ' || i % 40 as request_type,
            'Department ' || i % 9 as department,
            strftime(timestamp '2025-01-10 08:00:00' + to_seconds(i * 31_000_000 // $rows), '%Y-%m-%dT%H:%M:%S') || '-07:00'
                as due_at,
            case when i % 5 > 0 then
                strftime(timestamp '2025-01-06 08:00:00' + to_seconds(i * 31_000_000 // $rows), '%Y-%m-%dT%H:%M:%S') || '-07:00'
            end as closed_at
        from range($from, $until) as numbers(i)
    ) to '{path}' (header, delimiter ',')
"""
EVENTS = """
    copy (
        with calls as (
            select i, 1_736_064_000 + i * 31_000_000 // $rows as moment, i % 4 as queue, i * 7919 % 80 as agent, i * 13 % 100 as wait
            from range($from, $until) as numbers(i)
        ),
        events as (
            select i, 0 as step, moment, format('{:d}|{:d}.1|q{:d}|NONE|ENTERQUEUE||3035550101|1', moment, i, queue) as line from calls
            union all
            select i, 1, moment + 1, format('{:d}|{:d}.1|q{:d}|PJSIP/{:d}|RINGNOANSWER|1000', moment + 1, i, queue, agent) from calls
            union all
            select i, 2, moment + wait, format('{:d}|{:d}.1|q{:d}|PJSIP/{:d}|CONNECT|{:d}|x|3', moment + wait, i, queue, agent, wait)
            from calls
            where i % 11 > 0
            union all
            select
                i, 3, moment + wait + 200,
                format('{:d}|{:d}.1|q{:d}|PJSIP/{:d}|COMPLETECALLER|{:d}|200|1', moment + wait + 200, i, queue, agent, wait)
            from calls
            where i % 11 > 0
        )
        select line from events order by moment, i, step
    ) to '{path}' (header false, delimiter '\x01', quote '')
"""
TYPED = """
    copy (
        select * from read_csv('{path}', header = true, columns = {
            'call_id': 'varchar', 'queue': 'varchar', 'agent_id': 'varchar', 'channel': 'varchar',
            'direction': 'varchar', 'start_time': 'timestamptz', 'wait_seconds': 'bigint', 'talk_seconds': 'bigint',
            'hold_seconds': 'bigint', 'wrap_seconds': 'bigint', 'outcome': 'varchar', 'caller': 'varchar'
        })
    ) to '{path}.parquet'
"""
# what a year of a mid-size city has, and how it is written
YEAR = {
    "calls": (CALLS, int(1.5 * ROWS)),
    "agent states": (STATES, int(1.2 * ROWS)),
    "cases": (CASES, int(0.7 * ROWS)),
}


@dataclass(frozen=True)
class Spent:
    """What a process and its children took: clock, processor, and the most memory of any of them."""

    seconds: float
    cpu: float
    gigabytes: float

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s, {self.cpu:.1f} s of processor, at most {self.gigabytes:.2f} GB a process"


def write(path: Path, statement: str, rows: int, *, first: int = 0, a_year: int = 0) -> Path:
    """A generated export of so many rows, as many as a year has where nothing is said; `first` counts on from earlier ones."""
    values = {"from": first, "until": first + rows, "rows": a_year or max(rows, first)}
    duckdb.connect().execute(statement.replace("{path}", str(path)), values)
    return path


def run(*command: object) -> Spent:
    """Run a program to its end; it must succeed."""
    clock = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *map(str, command)], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return Spent(time.perf_counter() - clock, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1e6)


def load(folder: Path, *files: Path) -> Spent:
    """Load files as a user does, measures and identities included."""
    return run("fairline.py", "load", *files, "--centre", folder)


def load_only(folder: Path, *files: Path) -> Spent:
    """Load files without measuring them."""
    code = (
        "import sys; from datetime import UTC, datetime; from pathlib import Path; from etl.load import load; "
        "found = load(Path(sys.argv[1]), [Path(one) for one in sys.argv[2:]], now=datetime.now(UTC)); "
        "sys.exit(any(one.good != one.rows_read for one in found))"
    )
    return run("-c", code, folder, *files)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A centre whose warehouse is made and empty."""
    create_centre(tmp_path / "centre", name="Bench", timezone="America/Denver")
    load_only(tmp_path / "centre")
    return tmp_path / "centre"


def bench_plain_calls(folder: Path, tmp_path: Path) -> None:
    calls = write(tmp_path / "calls.csv", CALLS, ROWS)
    code = "import duckdb, sys; duckdb.connect().execute(sys.argv[1])"
    bare, idle = run("-c", code, TYPED.replace("{path}", str(calls))), run("-c", code, "select 1")
    ours, empty = load_only(folder, calls), load_only(folder)
    tell(f"{ROWS:,} plain calls, {calls.stat().st_size / 1e6:,.0f} MB: bare engine {bare}; Fairline {ours}")
    ratio, by_clock = (bare.cpu - idle.cpu) / (ours.cpu - empty.cpu), bare.seconds / ours.seconds
    tell(f"{ratio:.2f} of its speed by processor time without starting up, {by_clock:.2f} by the clock with it")


def bench_memory(folder: Path, tmp_path: Path) -> None:
    calls = write(tmp_path / "calls.csv", CALLS, 5 * ROWS)
    tell(f"{5 * ROWS:,} plain calls: {load_only(folder, calls)}")


def bench_queue_log(folder: Path, tmp_path: Path) -> None:
    calls = int(0.15 * ROWS)
    log = write(tmp_path / "queue_log", EVENTS, calls)
    tell(f"a queue log of {calls:,} calls, {log.read_bytes().count(b'|q'):,} events: {load_only(folder, log)}")


def bench_year_and_day(folder: Path, tmp_path: Path) -> None:
    files = [write(tmp_path / f"{name}.csv", text, rows) for name, (text, rows) in YEAR.items()]
    sizes = ", ".join(f"{rows:,} {name}" for name, (_, rows) in YEAR.items())
    tell(f"a year of {sizes}, loaded: {load_only(folder, *files)}")
    measure = "import sys; from pathlib import Path; from metrics.build import measure_and_check; measure_and_check(Path(sys.argv[1]))"
    tell(f"its measures and identities: {run('-c', measure, folder)}")
    day = [write(tmp_path / f"day_{name}.csv", text, rows // 365, first=rows) for name, (text, rows) in YEAR.items()]
    tell(f"one more day, measured and checked: {load(folder, *day)}")
