"""The documentation's screenshots, from a demo city: pages by Chromium, the month's first page by pdftoppm.

Run it by `scripts/screenshots [CITY]`. The same city gives the same pictures. One server in this process and one window
of one browser take them all; each waits for what it shows, never for a time, so that a busy machine only makes it slow.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.documentation.made import DOCS

ROOT = Path(__file__).parents[2]
# picture: address, and a heading that stands there when all is shown
SHOTS = {
    "day.png": ("/", "Needs attention"),
    "pictures/team.png": ("/team", "Who stands out"),
    "pictures/agent.png": ("/agent?agent=A1001", "How long contacts take"),
    "pictures/quality.png": ("/quality", "Do evaluators agree"),
}
ROLE = "Manager"
MONTH = "pictures/month.png"
WIDTH, HEIGHT, COLOURS, PAGE_WIDTH = 1280, 1000, 96, 900
# milliseconds that one page may take on a busy machine
PATIENCE = 60_000
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
# letters fetched and pictures decoded: a chart is a picture in the page itself
READY = "() => Promise.all([document.fonts.ready, ...[...document.images].map(one => one.decode())]).then(() => true)"


def made(city: Path) -> None:
    """The demo city with its reports, where it is not there yet."""
    if not (city / "truth.json").exists() or not any((city / "reports").glob("month*.pdf")):
        command = [sys.executable, str(ROOT / "fairline.py"), "demo", str(city), "--no-serve"]
        subprocess.run(command, cwd=ROOT, check=True)


@contextmanager
def served(city: Path) -> Iterator[str]:
    """The demo, served on a free port for as long as it is needed; its address."""
    # the documentation's tests only read what is above
    import waitress

    import metrics as m
    from dashboards.access import open_access
    from dashboards.access.demo import add_demo_accounts
    from dashboards.app import create_app

    access = open_access(city, is_demo=True)
    with m.open_centre(city) as centre:
        add_demo_accounts(access, centre)
    server = waitress.create_server(create_app(city, access).server, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        access.store.close()


def take(page: Page, address: str, picture: str) -> None:
    """One page, once its heading, what comes later, its chart and its letters are there."""
    path, heading = SHOTS[picture]
    page.goto(f"{address}{path}", wait_until="domcontentloaded")
    page.get_by_role("heading", name=heading).first.wait_for()
    page.get_by_text("Being worked out").first.wait_for(state="detached")
    if page.locator(".plot").count():
        page.locator(".plot .main-svg").first.wait_for()
    page.evaluate(READY)
    page.screenshot(path=DOCS / picture, animations="disabled")
    smaller(DOCS / picture)
    typer.echo(f"docs/{picture}")


def month(city: Path) -> None:
    """The first page of the month's report."""
    report = min((city / "reports").glob("month*.pdf"))
    with tempfile.TemporaryDirectory() as folder:
        command = ["pdftoppm", "-r", "110", "-png", "-f", "1", "-l", "1", str(report), f"{folder}/page"]
        subprocess.run(command, check=True)
        (made,) = Path(folder).glob("*.png")
        shutil.copy(made, DOCS / MONTH)


def smaller(path: Path) -> None:
    """Few colours are enough for what is drawn in few, and make a small file."""
    picture = Image.open(path).convert("RGB")
    if picture.width > WIDTH:
        picture = picture.resize((PAGE_WIDTH, round(picture.height * PAGE_WIDTH / picture.width)))
    picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT).save(path, optimize=True)


def main() -> None:
    """Take them all."""
    city = Path(sys.argv[1] if len(sys.argv) > 1 else "demo-city").resolve()
    browser_path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    made(city)
    with served(city) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=[*QUIET])
        page = browser.new_page(locale="en-US", viewport={"width": WIDTH, "height": HEIGHT}, reduced_motion="reduce")
        page.set_default_timeout(PATIENCE)
        page.goto(f"{address}/sign-in")
        page.get_by_role("button", name=re.compile(f"^{ROLE}")).first.click()
        page.get_by_role("heading", level=1).wait_for()
        for picture in SHOTS:
            take(page, address, picture)
        browser.close()
    month(city)
    smaller(DOCS / MONTH)
    typer.echo(f"docs/{MONTH}")


if __name__ == "__main__":
    main()
