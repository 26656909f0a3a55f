"""Intake against the bare engine: the same plain calls, checked, converted and loaded, or only typed into Parquet.

Run it as: pytest tests/benchmarks/bench_intake.py -o python_files='bench_*.py' -o python_functions='bench_*' -s
FAIRLINE_BENCH_ROWS says how many rows (default 1,000,000). It prints, and asserts nothing about time.
"""

from __future__ import annotations

import os
import resource
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from etl.centre import create_centre
from etl.load import load

ROWS = int(os.environ.get("FAIRLINE_BENCH_ROWS", "1000000"))
CALLS = """
    copy (
        select
            'C' || lpad(i::varchar, 9, '0') as call_id,
            ['general', 'parking', 'water', 'permits'][1 + i % 4] as queue,
            case when i % 11 > 0 then 'A' || lpad((i * 7919 % 80)::varchar, 3, '0') end as agent_id,
            'voice' as channel,
            'inbound' as direction,
            strftime(timestamp '2026-01-05 08:00:00' + to_seconds(i * 20_000_000 // $rows), '%Y-%m-%dT%H:%M:%S') || '-07:00'
                as start_time,
            i * 104_729 % 300 as wait_seconds,
            case when i % 11 > 0 then 10 + i * 7907 % 890 end as talk_seconds,
            case when i % 11 > 0 then i * 31 % 90 end as hold_seconds,
            case when i % 11 > 0 then i * 37 % 90 end as wrap_seconds,
            case when i % 11 > 0 then 'answered' else 'abandoned' end as outcome,
            '+1303' || lpad((i * 611_953 % 400_000 + 5_550_000)::varchar, 7, '0') as caller
        from range($rows) as numbers(i)
    ) to '{path}' (header, delimiter ',')
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


def cpu_seconds() -> float:
    """Processor time of this process and of the readers that have ended."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


def bench_plain_calls(tmp_path: Path) -> None:
    from etl import isolation

    path = tmp_path / "calls.csv"
    duckdb.connect().execute(CALLS.replace("{path}", str(path)), {"rows": ROWS})
    folder = tmp_path / "centre"
    create_centre(folder, name="Bench", timezone="America/Denver")
    now = datetime(2026, 11, 24, tzinfo=UTC)
    load(folder, [], now=now)

    clock, cpu = time.perf_counter(), cpu_seconds()
    duckdb.connect().execute(TYPED.replace("{path}", str(path)))
    bare, bare_cpu = time.perf_counter() - clock, cpu_seconds() - cpu

    clock, cpu = time.perf_counter(), cpu_seconds()
    result = load(folder, [path], now=now)[0]
    ours = time.perf_counter() - clock
    isolation.end()
    ours_cpu = cpu_seconds() - cpu
    assert (result.good, result.rows_read) == (ROWS, ROWS)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    reader = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
    print(  # noqa: T201
        f"\n{ROWS:,} plain calls, {path.stat().st_size / 1e6:,.0f} MB: "
        f"bare engine {bare:.2f} s ({bare_cpu:.2f} s of processor), Fairline {ours:.2f} s ({ours_cpu:.2f} s): "
        f"{bare / ours:.2f} of its speed by the clock, {bare_cpu / ours_cpu:.2f} by processor time; "
        f"peak memory {peak:.2f} GB, reader {reader:.2f} GB"
    )
