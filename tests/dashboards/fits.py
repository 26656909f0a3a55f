"""Whether a page fits: made narrow, enlarged or loosely spaced, nothing scrolls sideways, overlaps or is lost."""

from __future__ import annotations

from contextlib import suppress

from playwright.sync_api import Page, TimeoutError

from tests.dashboards.conftest import PATIENCE_MS

# a phone; and a window of 1280 whose reader has enlarged everything to 200 % (WCAG 1.4.4, 1.4.10)
SIZES = {"a phone": (320, 640), "200 %": (640, 450)}
# as far as a reader may set words apart (WCAG 1.4.12)
SPACING = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }"""
ADD_SHEET = """css => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""
NOT_SIDEWAYS = "() => document.documentElement.scrollWidth <= window.innerWidth"

# whatever reaches beyond the window and does not scroll within a frame of its own
BEYOND = """() => [
    ...(document.documentElement.scrollWidth > window.innerWidth ? ["the page scrolls sideways"] : []),
    ...[...document.querySelectorAll("header *, main *")]
        .filter(one => !one.closest(".scrolled, .happened, .unseen, .plot, pre, svg, .skip"))
        .filter(one => { const box = one.getBoundingClientRect(); return box.width && box.right > window.innerWidth + 1; })
        .map(one => `${one.tagName}.${one.className}`),
]"""
# words that lie over other words, line by line; of what scrolls within a frame only what the frame shows
OVERLAPPING = """() => {
    const hidden = ".plot, .unseen, .skip, .ends, svg, select";
    const lines = one => {
        const range = document.createRange(), frame = one.closest(".scrolled, .happened");
        const edge = frame && frame.getBoundingClientRect();
        const own = [...one.childNodes].filter(node => node.nodeType === 3 && node.textContent.trim());
        return own.flatMap(node => { range.selectNodeContents(node); return [...range.getClientRects()]; })
            .filter(box => !edge || (box.left < edge.right && box.right > edge.left))
            .map(box => ({
                left: Math.max(box.left, edge ? edge.left : 0),
                right: Math.min(box.right, edge ? edge.right : 1e6),
                top: box.top,
                bottom: box.bottom,
                one,
            }));
    };
    const all = [...document.querySelectorAll("header *, main *")]
        .filter(one => one.firstChild && one.checkVisibility() && !one.closest(hidden))
        .flatMap(lines)
        .sort((a, b) => a.top - b.top);
    const found = [];
    all.forEach((a, place) => {
        for (let next = place + 1; next < all.length && all[next].top < a.bottom - 3; next++) {
            const b = all[next];
            if (a.one !== b.one && Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2) {
                found.push(`${a.one.textContent.trim().slice(0, 40)} | ${b.one.textContent.trim().slice(0, 40)}`);
            }
        }
    });
    return found.slice(0, 5);
}"""
# words cut off by a box that hides what does not fit
CUT_OFF = """() => [...document.querySelectorAll("header *, main *")]
    .filter(one => one.checkVisibility() && !one.closest(".unseen, .plot, .skip, svg, select, input"))
    .filter(one => ["hidden", "clip"].includes(getComputedStyle(one).overflowX))
    .filter(one => one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)
    .map(one => `${one.tagName}.${one.className}`)"""


def misfits(page: Page) -> dict[str, list[str]]:
    """What reaches beyond the window, overlaps or is cut off, by the size of the window; nothing for each that fits."""
    found = {}
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        with suppress(TimeoutError):  # a chart takes a moment to follow the window
            page.wait_for_function(NOT_SIDEWAYS, timeout=PATIENCE_MS)
        found[size] = [*page.evaluate(BEYOND), *page.evaluate(OVERLAPPING)]
    page.set_viewport_size({"width": 1280, "height": 900})
    page.evaluate(ADD_SHEET, SPACING)
    found["words set apart"] = [*page.evaluate(BEYOND), *page.evaluate(OVERLAPPING), *page.evaluate(CUT_OFF)]
    return {size: faults for size, faults in found.items() if faults}
