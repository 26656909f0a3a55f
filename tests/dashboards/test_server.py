"""The server as people start it: real workers, after a process that has already read the warehouse."""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from dashboards.app import BUNDLE, BUNDLE_ADDRESS

ROOT = Path(__file__).parents[2]
# what `fairline demo` does before it serves: the engine and polars have been asked
SERVING = """
import sys
from pathlib import Path
import dashboards, metrics
with metrics.open_centre(Path(sys.argv[1])) as centre:
    metrics.roster(centre, during=metrics.data_span(centre), scope=metrics.Scope.whole_centre())
dashboards.serve(Path(sys.argv[1]), host="127.0.0.1", port=0, announce=print, is_demo=True)
"""


@pytest.fixture(scope="module")
def served_at(loaded_city: Path) -> Iterator[str]:
    """The address that the server prints."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", SERVING, str(loaded_city)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True)
    assert process.stdout is not None
    found = re.search(r"http://localhost:\d+", process.stdout.readline())
    assert found
    yield found[0]
    process.terminate()
    process.communicate(timeout=30)


@dataclass
class Visitor:
    """A browser's cookies and what it sends them with."""

    cookies: http.cookiejar.CookieJar
    opener: urllib.request.OpenerDirector

    def open(self, asked: str | urllib.request.Request) -> Any:
        return self.opener.open(asked, timeout=120)


@pytest.fixture
def visitor(served_at: str) -> Visitor:
    """Somebody who has signed in as the demo's manager."""
    jar = http.cookiejar.CookieJar()
    found = Visitor(jar, urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar)))
    form = found.open(f"{served_at}/sign-in").read().decode()
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)
    assert token
    headers = {"Referer": f"{served_at}/sign-in"}
    body = urlencode({"csrf_token": token[1]}).encode()
    found.open(urllib.request.Request(f"{served_at}/demo/demo-manager", body, headers))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_large_file_arrives_whole(served_at: str, visitor: Visitor, encoding: str) -> None:
    if not BUNDLE.exists():
        pytest.skip("Plotly's smaller bundle was not fetched here (scripts/plotly-bundle)")
    asked = urllib.request.Request(f"{served_at}{BUNDLE_ADDRESS}", headers={"Accept-Encoding": encoding})
    for _ in range(3):
        answer = visitor.open(asked)
        content = answer.read()
        assert len(content) == int(answer.headers["Content-Length"])
        assert encoding != "identity" or content == BUNDLE.read_bytes()


@pytest.mark.slow
def test_a_page_is_answered_by_every_worker(served_at: str, visitor: Visitor) -> None:
    known = json.loads(visitor.open(f"{served_at}/_dash-dependencies").read())
    output = next(one["output"] for one in known if "page.children" in one["output"])
    layout = visitor.open(f"{served_at}/_dash-layout").read()
    assert b"Loading" in layout
    asked = {
        "output": output,
        "outputs": [{"id": name, "property": "children"} for name in ("pages", "bar", "page")],
        "inputs": [
            {"id": "address", "property": "pathname", "value": "/definitions"},
            {"id": "address", "property": "search", "value": ""},
        ],
        "changedPropIds": ["address.pathname"],
    }
    for _ in range(4):
        token = next(str(cookie.value) for cookie in visitor.cookies if cookie.name == "_csrf_token")
        headers = {"Content-Type": "application/json", "X-CSRFToken": token}
        request = urllib.request.Request(f"{served_at}/_dash-update-component", json.dumps(asked).encode(), headers)
        assert b"Service level" in visitor.open(request).read()
