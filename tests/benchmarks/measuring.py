"""The parts that `bench_measures.py` times, each in a process of its own: python -m tests.benchmarks.measuring PART DIR."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from etl.centre import create_centre, keep_settings, read_settings
from sql import Warehouse
from tests.benchmarks.same_figures import BY_HAND, VISIT_DIMENSIONS, by_pandas

FIRST = date(2023, 1, 1)
# the facts of which the generated centre has rows
CALLS = ("visit", "handled_leg", "contact")
SETTINGS = """
[[target]]
metric = "service_level"
within_seconds = 30
"""
PROVENANCE = """
    'bench' as source_id, i::varchar as source_key, 1 as load_id, i as line_no, timestamp '2026-01-01' as exported_at,
    'exact' as time_q, i::ubigint as row_hash
"""
DRAWN = """
    select
        i,
        (date $first + (i % $days)::integer)::timestamp + to_seconds(46800 + (hash(i) % 46800)::bigint) as entered_at,
        'Q' || (hash(i + 1) % 6) as queue_id,
        'A' || (hash(i + 2) % 120) as agent_id,
        hash(i + 3) % 12 = 0 as is_lost,
        (hash(i + 4) % 90)::bigint * 1000 as wait_ms,
        (60 + hash(i + 5) % 400)::bigint * 1000 as talk_ms,
        (hash(i + 6) % 3 = 0)::bigint * 40000 as hold_ms,
        (hash(i + 7) % 90)::bigint * 1000 as acw_ms
    from range($from_call, $until_call) as numbers(i)
"""
CONTACTS = f"""
    insert into lake.contact by name
    with drawn as ({DRAWN})
    select i as contact_id, 'c' || i as chain_key, 'voice' as channel, 'inbound' as direction, entered_at, queue_id as first_queue_id,
        case when i % 8 = 0 then 'es' else 'en' end as language, false as is_test,
        case when is_lost then 'abandoned' else 'answered' end as outcome, {PROVENANCE}
    from drawn
"""
LEGS = f"""
    insert into lake.leg by name
    with drawn as ({DRAWN})
    select i as leg_id, i as contact_id, 1 as visit_no, 'queue' as leg_type, queue_id,
        case when not is_lost then agent_id end as agent_id, entered_at as queue_enter_at,
        case when not is_lost then entered_at + to_milliseconds(wait_ms) end as answered_at,
        entered_at + to_milliseconds(wait_ms + case when is_lost then 0 else talk_ms + hold_ms end) as released_at,
        case when not is_lost then entered_at + to_milliseconds(wait_ms + talk_ms + hold_ms + acw_ms) end as acw_end_at, wait_ms,
        case when not is_lost then talk_ms end as talk_ms, case when not is_lost then hold_ms end as hold_ms,
        case when not is_lost then acw_ms end as acw_ms, case when is_lost then 'abandon' else 'caller' end as end_reason, {PROVENANCE}
    from drawn
"""
TEAMS = f"""
    insert into lake.team_member by name
    select 'A' || i as agent_id, 'T' || (i % 8) as team_id, 'day' as shift, 'Hall' as site, date '2020-01-01' as valid_from, {PROVENANCE}
    from range(120) as numbers(i)
"""


def opened(folder: Path, *, read_only: bool = True) -> Warehouse:
    return Warehouse.open(folder / "warehouse", read_only=read_only)


def add_calls(warehouse: Warehouse, first: date, days: int, from_call: int, until_call: int) -> None:
    values = {"days": days, "from_call": from_call, "until_call": until_call}
    for text in (CONTACTS, LEGS):
        warehouse.execute(text.replace("date $first", f"date '{first}'"), values)


def generate(folder: Path, calls: int, years: int) -> dict[str, Any]:
    create_centre(folder, name="Bench", timezone="America/Denver")
    with (folder / "centre.toml").open("a", encoding="utf-8") as settings:
        settings.write(SETTINGS)
    with opened(folder, read_only=False) as warehouse:
        keep_settings(warehouse, read_settings(folder), "bench")
        warehouse.execute(TEAMS)
        for year in range(years):
            start = FIRST + timedelta(days=365 * year)
            add_calls(warehouse, start, 365, year * calls, (year + 1) * calls)
        warehouse.execute(
            "insert into lake.load_file by name select 1 as load_id, 'bench' as source_id, 'bench' as file_name, "
            "'accepted' as verdict, timestamp '2026-01-01' as loaded_at, timestamp '2026-01-01' as exported_at"
        )
    return {}


def build(folder: Path, _calls: int, _years: int) -> dict[str, Any]:
    from metrics.build import rebuild

    clock, worked = time.perf_counter(), time.process_time()
    rebuild(folder)
    found = {"seconds": time.perf_counter() - clock, "cpu": time.process_time() - worked}
    return {**found, "sums": _stored_sums(folder)}


def _stored_sums(folder: Path) -> dict[str, float]:
    """The sum of every stored measure of the facts that the generated centre has rows of."""
    from metrics.catalogue import shipped
    from metrics.query import stored_table

    with opened(folder) as warehouse:
        families = {key: names for key, names in shipped().families().items() if key[0] in CALLS}
        sums: dict[str, float] = {}
        for family, measures in families.items():
            names = [one.name for one in measures]
            totals = ", ".join(f'coalesce(sum("{name}"), 0)::double' for name in names)
            row = warehouse.connection.execute(f"select {totals} from lake.{stored_table(*family)}").fetchone() or ()
            sums.update(zip(names, row, strict=True))
        return sums


def build_on_spark(folder: Path, _calls: int, _years: int) -> dict[str, Any]:
    """The same build by a Spark on this machine's two cores, which starts with it and so begins cold."""
    from metrics.build import rebuild
    from metrics.spark import on_spark

    # as one would tell a Spark of one machine: by itself it takes a gigabyte, and parts every group into 200
    os.environ["PYSPARK_SUBMIT_ARGS"] = "--driver-memory 6g --conf spark.sql.shuffle.partitions=4 pyspark-shell"
    clock, worked = time.perf_counter(), time.process_time()
    rebuild(folder, elsewhere=on_spark("local[2]"))
    found = {"seconds": time.perf_counter() - clock, "cpu": time.process_time() - worked + _of_children()}
    return {**found, "sums": _stored_sums(folder)}


def copy_for_spark(folder: Path, _calls: int, _years: int) -> dict[str, Any]:
    """What it costs besides where Spark does not see the files: every row that facts read, written once more."""
    from sql.spark import hand_over

    with opened(folder) as warehouse:
        clock, worked = time.perf_counter(), time.process_time()
        tables = hand_over(warehouse, folder / "given", in_place=False)
        found = {"seconds": time.perf_counter() - clock, "cpu": time.process_time() - worked}
    return {**found, "mb": sum(Path(file).stat().st_size for one in tables for file in one.files) / 2**20}


def _of_children() -> float:
    """Seconds of processor that the processes have taken which this one started, and which still run."""
    me, found = os.getpid(), 0
    for status in Path("/proc").glob("[0-9]*/stat"):
        fields = status.read_text(encoding="utf-8").rpartition(")")[2].split()
        found += int(fields[11]) + int(fields[12]) if int(fields[1]) == me else 0
    return found / os.sysconf("SC_CLK_TCK")


def statement(folder: Path, _calls: int, _years: int) -> dict[str, Any]:
    """The same sums by one statement written by hand, kept in memory."""
    with opened(folder) as warehouse:
        clock, worked = time.perf_counter(), time.process_time()
        warehouse.execute(BY_HAND)
        found = {"seconds": time.perf_counter() - clock, "cpu": time.process_time() - worked}
        dimensions = {"day", "queue_id", "agent_id", *VISIT_DIMENSIONS}
        names = [
            row[0] for row in warehouse.connection.execute("describe by_hand").fetchall() if row[0] not in dimensions
        ]
        totals = ", ".join(f'coalesce(sum("{name}"), 0)::double' for name in names)
        row = warehouse.connection.execute(f"select {totals} from by_hand").fetchone() or ()
        return {**found, "sums": dict(zip(names, row, strict=True))}


def pandas(folder: Path, _calls: int, _years: int) -> dict[str, Any]:
    """The same sums by pandas, from the same Parquet files."""
    import pandas as pd  # type: ignore[import-untyped]  # noqa: F401 (loading it is not what is measured)

    with opened(folder) as warehouse:
        members = warehouse.frame("select agent_id, team_id, shift, site from lake.team_member").to_pandas()
    clock, worked = time.perf_counter(), time.process_time()
    sums = by_pandas(folder / "warehouse" / "data" / "main", members)
    return {"seconds": time.perf_counter() - clock, "cpu": time.process_time() - worked, "sums": sums}


def one_more_day(folder: Path, calls: int, years: int) -> dict[str, Any]:
    """A day's calls more, and only that day measured again."""
    from metrics.build import bring_up_to_date

    day = FIRST + timedelta(days=365 * years)
    with opened(folder, read_only=False) as warehouse:
        warehouse.execute("delete from lake.touched_day")
        add_calls(warehouse, day, 1, calls * years, calls * years + calls // 365)
        for fact in CALLS:
            warehouse.execute("insert into lake.touched_day values ($fact, $day)", {"fact": fact, "day": day})
    clock, worked = time.perf_counter(), time.process_time()
    days = bring_up_to_date(folder)
    return {"seconds": time.perf_counter() - clock, "cpu": time.process_time() - worked, "days": days}


def question(folder: Path, _calls: int, _years: int) -> dict[str, Any]:
    """One team, 30 days, 12 metrics, from the stored measures."""
    from metrics import Period, Scope, keep_in_memory, measure, open_centre

    names = (
        "contacts_offered contacts_answered contacts_abandoned short_abandons answer_rate abandon_rate average_speed_of_answer "
        "service_level legs_handled average_talk_time average_hold_time average_handle_time"
    ).split()
    with open_centre(folder) as centre:
        keep_in_memory(centre)
        during = Period(FIRST + timedelta(days=200), FIRST + timedelta(days=230))
        times, worked = [], time.process_time()
        for _ in range(40):
            start = time.perf_counter()
            measure(centre, names, during=during, where={"team": ["T3"]}, scope=Scope.whole_centre())
            times.append(1000 * (time.perf_counter() - start))
    return {"median_ms": median(times[5:]), "best_ms": min(times), "cpu_ms": 25 * (time.process_time() - worked)}


# every part takes the same three arguments, needed or not
PARTS: dict[str, Callable[[Path, int, int], dict[str, Any]]] = {
    part.__name__: part
    for part in (generate, build, build_on_spark, copy_for_spark, statement, pandas, one_more_day, question)
}

if __name__ == "__main__":
    found = PARTS[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**found, "cpu_seconds": time.process_time(), "peak_mb": peak}))  # noqa: T201 (read by the benchmark)
