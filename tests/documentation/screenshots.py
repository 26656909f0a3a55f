"""The documentation's screenshots, from a demo city: pages by Chromium, the month's first page by pdftoppm.

Run it by `scripts/screenshots [CITY]`. The same city gives the same pictures.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.documentation.made import DOCS

ROOT = Path(__file__).parents[2]
# picture: role, address, and a heading that stands there when all is shown
SHOTS = {
    "day.png": ("Manager", "/", "Needs attention"),
    "pictures/team.png": ("Manager", "/team", "Who stands out"),
    "pictures/agent.png": ("Manager", "/agent?agent=A1001", "How long contacts take"),
    "pictures/quality.png": ("Manager", "/quality", "Do evaluators agree"),
}
MONTH = "pictures/month.png"
WIDTH, HEIGHT, COLOURS, PAGE_WIDTH = 1280, 1000, 96, 900
# milliseconds that a page may take on a busy machine
PATIENCE = 90_000
SERVING = re.compile(r"at (http://\S+)")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@contextmanager
def served(city: Path) -> Iterator[str]:
    """The demo, served on a free port for as long as it is needed; its address."""
    command = [sys.executable, str(ROOT / "fairline.py"), "demo", str(city), "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        try:
            for line in program.stdout:
                if found := SERVING.search(line):
                    yield found[1]
                    break
        finally:
            program.terminate()


def take(page: Page, address: str, picture: str) -> None:
    """One page, at rest."""
    role, path, heading = SHOTS[picture]
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    page.goto(address)
    if page.get_by_role("button", name=re.compile(f"^{role}")).count():
        page.get_by_role("button", name=re.compile(f"^{role}")).first.click()
    page.goto(f"{address.rstrip('/')}{path}")
    page.get_by_role("heading", name=heading).first.wait_for(timeout=PATIENCE)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1500)
    page.screenshot(path=DOCS / picture)


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
    with served(city) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page(locale="en-US")
        for picture in SHOTS:
            take(page, address, picture)
        browser.close()
    month(city)
    for picture in (*SHOTS, MONTH):
        smaller(DOCS / picture)


if __name__ == "__main__":
    main()
