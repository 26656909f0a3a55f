"""Pages under load: how long a callback takes with so many users, how much memory, and how soon a first page is there.

Run: pytest tests/benchmarks/bench_pages.py -o python_files='bench_*.py' -o python_functions='bench_*' -s -n0
FAIRLINE_BENCH_CITY names a centre that is there already (it is copied); FAIRLINE_BENCH_YEARS is how many years of 1.5
million calls, 1.2 million agent states and 0.7 million cases each are made and loaded (3 is the budget's size); without
either a city of FAIRLINE_BENCH_DAYS (91) is simulated, with FAIRLINE_BENCH_AGENTS (80). FAIRLINE_BENCH_USERS: how many users, one run each (20,100); FAIRLINE_BENCH_SECONDS: how long each (60).
"""

from __future__ import annotations

import gzip
import http.client
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import sync_playwright

import metrics as m
from etl.centre import create_centre
from etl.demo_city import build
from etl.load import load
from metrics.build import bring_up_to_date
from tests.benchmarks.bench_intake import YEAR, load_only, run, write
from tests.benchmarks.bench_new_york import MEASURE, first_asks
from tests.benchmarks.results import tell
from tests.dashboards.conftest import CHROMIUM, QUIET

ROOT = Path(__file__).parents[2]
USERS = [int(one) for one in os.environ.get("FAIRLINE_BENCH_USERS", "20,100").split(",")]
SECONDS = float(os.environ.get("FAIRLINE_BENCH_SECONDS", "60"))
DAYS = int(os.environ.get("FAIRLINE_BENCH_DAYS", "91"))
YEARS = int(os.environ.get("FAIRLINE_BENCH_YEARS", "0"))
AGENTS = int(os.environ.get("FAIRLINE_BENCH_AGENTS", "80"))
THINK_SECONDS = 5.0
WARM_SECONDS = 180
PATIENCE_SECONDS = 60
HOST = "127.0.0.1"
SERVING = """
import sys
from pathlib import Path
import dashboards
dashboards.serve(Path(sys.argv[1]), host="127.0.0.1", port=0, announce=print, is_demo=True)
"""
# what people open, how often among twenty, and with what besides a day
OPENED = [
    *[("/", {})] * 6,
    *[("/figure", {"metric": "service_level"})] * 2,
    ("/figure", {"metric": "average_handle_time"}),
    *[("/contacts", {"metric": "service_level", "show": "missed"})] * 2,
    *[("/queues", {})] * 2,
    *[("/requests", {})] * 2,
    *[("/team", {})] * 2,
    ("/month", {}),
    ("/staffing", {}),
    ("/data", {}),
]
# what a page says of itself when it could not be shown
FAILURES = (b"This page failed", b"This cannot be shown", b"Not yours to see")
# what of the first page must stand before somebody can use it, and its chart
STANDS = {"figures": ".cards .value", "agents": "caption:has-text('Agents')", "chart": ".plot .main-svg"}
LATER = {"/team": ["compared"], "/month": ["year"], "/staffing": ["teams"]}


@dataclass
class Seen:
    """What all users saw: seconds by page, and what went wrong."""

    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    # of which views somebody asked already: who is the first waits for what is worked out
    asked: set[tuple[str, str]] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)
    bytes_sent: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def is_first(self, what: str, search: str) -> bool:
        """Whether nobody asked for this view before."""
        with self.lock:
            is_new = (what, search) not in self.asked
            self.asked.add((what, search))
            return is_new

    def note(self, what: str, seconds: float, size: int, error: str = "", *, is_first: bool = False) -> None:
        with self.lock:
            self.took[f"{what}{', first' if is_first else ''}"].append(seconds)
            self.bytes_sent += size
            if error:
                self.errors.append(f"{what}: {error}")


@dataclass
class Served:
    """A server that runs, and its processes."""

    port: int
    process: subprocess.Popen[str]

    def workers(self) -> dict[int, str]:
        """The status of each worker, by its process."""
        found = {}
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                text = status.read_text()
            except OSError:
                continue
            parent = re.search(r"PPid:\s+(\d+)", text)
            if parent and int(parent[1]) == self.process.pid:
                found[int(status.parent.name)] = text
        return found

    def workers_mb(self) -> list[int]:
        """The peak memory of the workers."""
        peaks = [re.search(r"VmHWM:\s+(\d+)", text) for text in self.workers().values()]
        return [int(peak[1]) // 1024 for peak in peaks if peak]

    def worked(self) -> float:
        """Seconds of work of the workers so far."""
        ticks = 0
        for number in self.workers():
            fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def wait_until_warm(self) -> None:
        """Until the workers have asked the snapshot beforehand: they do nothing for three seconds."""
        until = time.perf_counter() + WARM_SECONDS
        while time.perf_counter() < until:
            before = self.worked()
            time.sleep(3)
            if self.worked() - before < 0.1:
                break
        tell(f"workers warm after {self.worked():.0f} s of their work")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the city that was named, or a simulated one."""
    place = tmp_path_factory.mktemp("bench") / "city"
    if there := os.environ.get("FAIRLINE_BENCH_CITY"):
        shutil.copytree(there, place, ignore=shutil.ignore_patterns("landed", "inbox", "desk"))
        return place
    if YEARS:
        return load_years(place, YEARS)
    build(place, days=DAYS, agents=AGENTS, seed=311, until=date(2026, 11, 14))
    load(place, [], now=datetime.now(UTC))
    bring_up_to_date(place)
    return place


def load_years(place: Path, years: int) -> Path:
    """A centre with so many years of calls, states and cases, the last of which ends with 2025."""
    create_centre(place, name="Bench", timezone="America/Denver")
    load_only(place)
    for year in range(years):
        files = []
        for name, (text, rows) in YEAR.items():
            begun = text.replace("timestamp '2025", f"timestamp '{2026 - years}")
            path = place.parent / f"{name}-{year}.csv"
            files.append(write(path, begun, rows, first=rows * year, a_year=rows))
        tell(f"year {year + 1} of {years}: {load_only(place, *files)}")
        for file in files:
            file.unlink()
    tell(f"measures: {run('-c', MEASURE, place)}")
    return place


@pytest.fixture
def served(folder: Path) -> Iterator[Served]:
    """The real server with its workers, on loopback."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", SERVING, str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True, start_new_session=True)
    assert process.stdout is not None
    found = re.search(r"http://localhost:(\d+)", process.stdout.readline())
    assert found
    yield Served(int(found[1]), process)
    os.killpg(process.pid, signal.SIGTERM)
    process.communicate(timeout=30)


class User:
    """Somebody with a browser's cookies who opens pages one after another, thinking in between."""

    def __init__(self, port: int, seed: int, last: date, seen: Seen) -> None:
        self.port, self.seen, self.last = port, seen, last
        self.drawn = random.Random(seed)
        self.cookies: dict[str, str] = {}
        self.connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE_SECONDS)

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        """One request, keeping the cookies that come back."""
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **headers}
        sent["Accept-Encoding"] = "gzip"
        try:
            self.connection.request(method, path, body, sent)
            answer = self.connection.getresponse()
        except (http.client.HTTPException, OSError):
            self.connection.close()
            self.connection.request(method, path, body, sent)
            answer = self.connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.read()

    def sign_in(self) -> None:
        """As the demo's manager; the page comes uncompressed where it is small."""
        self.connection.request("GET", "/sign-in")
        answer = self.connection.getresponse()
        token = re.search(rb'name="csrf_token" value="([^"]+)"', answer.read())
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        assert token is not None
        form = urlencode({"csrf_token": token[1].decode()}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"http://{HOST}:{self.port}/sign-in"}
        assert self.ask("POST", "/demo/demo-manager", form, **headers)[0] == 302
        assert self.ask("GET", "/", Accept="text/html")[0] == 200

    def open_one(self) -> None:
        """A page and, after it, its later parts, as a browser asks for them."""
        path, more = self.drawn.choice(OPENED)
        view = {**more, "day": (self.last - timedelta(days=self.drawn.randrange(14))).isoformat()}
        if path in ("/team", "/month"):
            view["day"] = self.last.isoformat()
        search = f"?{urlencode(view)}"
        self.callback(path, search, "")
        for part in LATER.get(path, []):
            self.callback(path, search, part)

    def callback(self, path: str, search: str, part: str) -> None:
        """One callback, timed."""
        place: Any = {"part": part} if part else "address"
        addresses = [{"id": "address", "property": "pathname", "value": path}]
        addresses.append({"id": "address", "property": "search", "value": search})
        parts = [{"id": name, "property": "children"} for name in ("pages", "bar", "page")]
        body: dict[str, Any] = {
            "output": "..pages.children...bar.children...page.children..",
            "outputs": parts,
            "inputs": addresses,
            "changedPropIds": ["address.search"],
        }
        if part:
            body = {
                "output": '{"part":["MATCH"]}.children',
                "outputs": {"id": place, "property": "children"},
                "inputs": [{"id": place, "property": "id", "value": place}],
                "state": addresses,
                "changedPropIds": [],
            }
        headers = {"Content-Type": "application/json", "X-CSRFToken": self.cookies.get("_csrf_token", "")}
        name = f"{path} {part}".strip()
        is_first, begun = self.seen.is_first(name, search), time.perf_counter()
        try:
            status, content = self.ask("POST", "/_dash-update-component", json.dumps(body).encode(), **headers)
            said = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
            failed = [words for words in FAILURES if words in said]
            error = f"status {status}" if status != 200 else b", ".join(failed).decode()
        except (http.client.HTTPException, OSError) as failure:
            content, error = b"", type(failure).__name__
        self.seen.note(name, time.perf_counter() - begun, len(content), error, is_first=is_first)


def at_work(user: User, until: float) -> None:
    try:
        user.sign_in()
        time.sleep(user.drawn.uniform(0, THINK_SECONDS))
        while time.perf_counter() < until:
            user.open_one()
            time.sleep(user.drawn.uniform(0.5, 1.5) * THINK_SECONDS)
    finally:
        user.connection.close()


def percentile(values: list[float], share: float) -> float:
    """The smallest value that so large a share does not exceed."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]


def bench_first_asks(folder: Path) -> None:
    """Each page by itself: milliseconds of processor for whoever asks first, and for everybody after."""
    first_asks(folder)


@pytest.mark.parametrize("users", USERS)
def bench_users(served: Served, folder: Path, users: int) -> None:
    """Callbacks with so many users who think five seconds: budget p95 < 300 ms with 20, < 1 s with 100, no error."""
    with m.open_centre(folder) as centre:
        last = m.last_day(centre)
    warm = Seen()
    first = User(served.port, 0, last, warm)
    first.sign_in()
    served.wait_until_warm()
    begun = time.perf_counter()
    for path, more in dict.fromkeys((path, urlencode(more)) for path, more in OPENED):
        for part in ["", *LATER.get(path, [])]:
            first.callback(path, f"?{more}", part)
    first.connection.close()
    tell(f"every page once by one user, workers warm: {time.perf_counter() - begun:.1f} s")
    seen = Seen()
    until = time.perf_counter() + SECONDS
    crowd = [threading.Thread(target=at_work, args=(User(served.port, n, last, seen), until)) for n in range(users)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join(SECONDS + 2 * PATIENCE_SECONDS)
    everything = [seconds for page in seen.took.values() for seconds in page]
    tell(f"{users} users, {SECONDS:.0f} s: {len(everything)} callbacks, {len(seen.errors)} errors {seen.errors[:3]}")
    firsts = [seconds for page, took in seen.took.items() if page.endswith(", first") for seconds in took]
    later = [seconds for page, took in seen.took.items() if not page.endswith(", first") for seconds in took]
    tell("| callback | how many | p50 ms | p95 ms | longest ms |")
    tell("|---|---|---|---|---|")
    told = {"all": everything, "all that nobody asked for before": firsts, "all others": later}
    for page, took in [*told.items(), *sorted(seen.took.items())]:
        if took:
            points = " | ".join(f"{1000 * percentile(took, share):,.0f}" for share in (0.5, 0.95, 1.0))
            tell(f"| {page} | {len(took)} | {points} |")
    tell(
        f"{seen.bytes_sent / max(1, len(everything)) / 1024:.0f} KB a callback; workers at most {served.workers_mb()} MB"
    )
    assert not seen.errors


@pytest.fixture
def browser() -> Iterator[Any]:
    """The system's Chromium; skips where it is absent."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed; scripts/system-packages test installs it")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield found
        found.close()


def bench_first_page(served: Served, browser: Any) -> None:
    """A browser that was never here: budget usable within 2.5 s, at most 1.5 MB of script on the wire."""
    for name in ("server just started", "server warm"):
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"http://{HOST}:{served.port}/sign-in")
        sizes: dict[str, float] = defaultdict(float)
        kinds: dict[str, str] = {}
        listening = context.new_cdp_session(page)
        listening.send("Network.enable")
        listening.on("Network.responseReceived", lambda one, kinds=kinds: kinds.update({one["requestId"]: one["type"]}))
        listening.on(
            "Network.loadingFinished",
            lambda one, sizes=sizes: sizes.update({one["requestId"]: one["encodedDataLength"]}),
        )
        begun = time.perf_counter()
        page.locator('form[action*="demo-manager"] button').click()
        took = {}
        for part, selector in STANDS.items():
            page.wait_for_selector(selector)
            took[part] = f"{part} {time.perf_counter() - begun:.1f} s"
        page.wait_for_load_state("networkidle")
        scripts = sum(size for number, size in sizes.items() if kinds.get(number) == "Script")
        tell(
            f"first page, {name}: {', '.join(took.values())}; script {scripts / 1e6:.2f} MB, "
            f"all {sum(sizes.values()) / 1e6:.2f} MB"
        )
        context.close()
