"""The drawings of the documentation: `python -m tests.documentation.pictures [architecture] [fairness]` makes them anew."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

from metrics.charts.palette import ACCENT, ATTENTION, FONT, INK, MUTED
from tests.documentation.made import DOCS, put, table
from tests.fairness.trial import HABITS, OURS, STAGED, Count, trial
from tests.fairness.worlds import METRICS, World
from tests.test_house import ARROWS

PICTURES = DOCS / "pictures"
RUNS = 8
# where each folder stands in the drawing: x, y, and what it holds
BOXES = {
    "fairline": (300, 20, "fairline.py", "the command line"),
    "etl": (20, 150, "etl/", "exports in"),
    "reports": (300, 150, "reports/", "papers"),
    "dashboards": (560, 150, "dashboards/", "pages"),
    "metrics": (430, 270, "metrics/", "what a figure means"),
    "sql": (160, 390, "sql/", "statements, warehouse"),
}
WIDTH, HEIGHT = 190, 58


def architecture(arrows: Mapping[str, set[str]] = ARROWS) -> str:
    """Who may import whom, as SVG; each arrow says from where to where it leads."""
    lines = [_opening(770, 470, "Who imports whom: " + "; ".join(_said(arrows)))]
    lines.append(
        f'<defs><marker id="tip" markerWidth="9" markerHeight="8" refX="8" refY="4" orient="auto">'
        f'<path d="M0 0 L9 4 L0 8 z" fill="{MUTED}"/></marker></defs>'
    )
    for one, others in arrows.items():
        lines += [_arrow(one, other, is_light=one == "fairline") for other in sorted(others)]
    for name, (x, y, title, holds) in BOXES.items():
        lines.append(
            f'<g data-folder="{name}"><rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="4" fill="#fff" '
            f'stroke="{ACCENT}" stroke-width="1.5"/>'
            f'<text x="{x + 12}" y="{y + 25}" font-weight="600">{title}</text>'
            f'<text x="{x + 12}" y="{y + 45}" font-size="12" fill="{MUTED}">{holds}</text></g>'
        )
    return "\n".join([*lines, "</svg>"]) + "\n"


def _said(arrows: Mapping[str, set[str]]) -> Iterator[str]:
    for one, others in arrows.items():
        yield f"{one} imports {', '.join(sorted(others)) or 'nothing of ours'}"


def _arrow(one: str, other: str, *, is_light: bool) -> str:
    (x1, y1, *_), (x2, y2, *_) = BOXES[one], BOXES[other]
    dashes = ' stroke-dasharray="3 4" opacity="0.6"' if is_light else ""
    return (
        f'<line data-from="{one}" data-to="{other}" x1="{x1 + WIDTH // 2}" y1="{y1 + HEIGHT}" '
        f'x2="{x2 + WIDTH // 2}" y2="{y2 - 2}" stroke="{MUTED}" stroke-width="1.4"{dashes} marker-end="url(#tip)"/>'
    )


def _opening(width: int, height: int, title: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" font-family="{FONT}" font-size="14" fill="{INK}">\n<title>{title}</title>\n'
        f'<rect width="{width}" height="{height}" fill="#fff"/>'
    )


Counts = Mapping[tuple[str, str], Count]


def fairness(counts: Counts) -> str:
    """False flags for handle time by method: of all who do not differ, and of those on the night shift."""
    methods = [*HABITS, OURS]
    shares = {name: _false(counts[name, METRICS[0]]) for name in methods}
    said = "; ".join(
        f"{name}: {of_all:.1f} % of all, {night:.1f} % at night" for name, (of_all, night) in shares.items()
    )
    top, step, left = 64, 58, 190
    scale = 480 / max(max(pair) for pair in shares.values())
    lines = [_opening(770, top + step * len(methods) + 10, f"False flags for handle time. {said}")]
    lines.append('<text x="20" y="26" font-weight="600">Flagged though nobody differs, handle time, per cent</text>')
    for place, (name, (of_all, night)) in enumerate(shares.items()):
        y = top + place * step
        lines.append(f'<text x="20" y="{y + 21}">{name}</text>')
        for row, (words, share, colour) in enumerate((("all", of_all, ACCENT), ("night", night, ATTENTION))):
            at, long = y + row * 20, share * scale
            lines.append(f'<rect x="{left}" y="{at}" width="{max(long, 1):.0f}" height="16" fill="{colour}"/>')
            lines.append(f'<text x="{left + long + 8:.0f}" y="{at + 13}" font-size="12">{words} {share:.1f}</text>')
    return "\n".join([*lines, "</svg>"]) + "\n"


def _false(count: Count) -> tuple[float, float]:
    same, flagged = count.groups["night"]
    return 100 * count.false / count.same, 100 * flagged / same


def _shares(counts: Counts, name: str, some: str, of: str) -> str:
    found = [counts.get((name, metric)) for metric in METRICS]
    return " / ".join(
        f"{100 * getattr(one, some) / getattr(one, of):.1f}" if one and getattr(one, of) else "-" for one in found
    )


def flagged_table(counts: Counts, *, finds: bool) -> str:
    """Per method: false flags, and what was found of those who differ, each for the three measures."""
    heads = ["method", "false flags, %", *(["found, %"] if finds else [])]
    rows = [
        [
            name,
            _shares(counts, name, "false", "same"),
            *([_shares(counts, name, "found", "different")] if finds else []),
        ]
        for name in (*HABITS, OURS, STAGED)
    ]
    return table(heads, rows)


def _quarters(kind: str, runs: int = RUNS, **more: float) -> Counts:
    return trial(World(kind=kind, seed=1 + number, **more) for number in range(runs))  # type: ignore[arg-type]


def main(wanted: list[str]) -> None:
    """Make what is named, or all."""
    PICTURES.mkdir(exist_ok=True)
    if not wanted or "architecture" in wanted:
        (PICTURES / "architecture.svg").write_text(architecture(), encoding="utf-8")
    if not wanted or "fairness" in wanted:
        nobody = _quarters("null")
        (PICTURES / "fairness.svg").write_text(fairness(nobody), encoding="utf-8")
        put("fairness.md", "null", flagged_table(nobody, finds=False))
        put("fairness.md", "planted", flagged_table(_quarters("planted"), finds=True))
        put("fairness.md", "heterogeneous", flagged_table(_quarters("heterogeneous"), finds=True))


if __name__ == "__main__":
    main(sys.argv[1:])
