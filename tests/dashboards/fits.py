"""Whether a page fits: made narrow, enlarged or loosely spaced, nothing scrolls sideways, overlaps or is lost."""

from __future__ import annotations

from playwright.sync_api import Page

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
# whatever reaches beyond the window and does not scroll within a frame of its own
BEYOND = """() => [
    ...(document.documentElement.scrollWidth > window.innerWidth ? ["the page scrolls sideways"] : []),
    ...[...document.querySelectorAll("header *, main *")]
        .filter(one => !one.closest(".scrolled, .beside, .unseen, .plot, pre, svg, .skip"))
        .filter(one => { const box = one.getBoundingClientRect(); return box.width && box.right > window.innerWidth + 1; })
        .map(one => `${one.tagName}.${one.className}`),
]"""
# words that lie over other words: of two elements that hold text themselves, neither within the other
OVERLAPPING = """() => {
    const own = one => [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
    const seen = one => one.checkVisibility() && !one.closest(".plot, .unseen, .skip, .ends, svg, option, select");
    // of what scrolls within a frame only what the frame shows
    const shown = one => {
        const box = one.getBoundingClientRect(), frame = one.closest(".scrolled, .beside");
        if (!frame) { return box; }
        const edge = frame.getBoundingClientRect();
        const right = Math.min(box.right, edge.right), left = Math.max(box.left, edge.left);
        return {left, right, top: box.top, bottom: box.bottom, width: right - left, height: box.height};
    };
    const boxes = [...document.querySelectorAll("header *, main *")]
        .filter(one => own(one) && seen(one))
        .map(one => [one, getComputedStyle(one).display.startsWith("inline") ? null : shown(one)])
        .filter(([one, box]) => box && box.width > 2 && box.height > 2);
    const found = [];
    boxes.forEach(([one, a], place) => boxes.slice(place + 1, place + 60).forEach(([other, b]) => {
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (across > 2 && down > 2 && !one.contains(other) && !other.contains(one)) {
            found.push(`${one.textContent.trim().slice(0, 40)} | ${other.textContent.trim().slice(0, 40)}`);
        }
    }));
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
        # a chart takes a moment to follow the window
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        found[size] = [*page.evaluate(BEYOND), *page.evaluate(OVERLAPPING)]
    page.set_viewport_size({"width": 1280, "height": 900})
    page.evaluate(ADD_SHEET, SPACING)
    found["words set apart"] = [*page.evaluate(BEYOND), *page.evaluate(OVERLAPPING), *page.evaluate(CUT_OFF)]
    return {size: faults for size, faults in found.items() if faults}
