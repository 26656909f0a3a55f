"""One look: the palette of charts and papers handed to the style sheet, to Mantine and to Plotly."""

from __future__ import annotations

from typing import Any

from metrics.charts import palette

TINT = "#eef3f7"
PAPER = "#ffffff"
VARIABLES = {
    "ink": palette.INK,
    "muted": palette.MUTED,
    "accent": palette.ACCENT,
    "attention": palette.ATTENTION,
    "good": palette.GOOD,
    "rule": palette.RULE,
    "bar": palette.BAR,
    "tint": TINT,
    "paper": PAPER,
    "font": palette.FONT,
}
# ten steps from the palest to the darkest, as Mantine wants its colours; the accent is the eighth
ACCENT_STEPS = (
    TINT, "#dbe7f0", "#b9d0e2", "#94b8d3", "#6c9cc0", "#4a82ac", "#2f6c9a", palette.ACCENT, "#144a73", "#0e3a5c",
)  # fmt: skip
THEME: dict[str, Any] = {
    "fontFamily": palette.FONT,
    "headings": {"fontFamily": palette.FONT},
    "colors": {"fairline": list(ACCENT_STEPS)},
    "primaryColor": "fairline",
    "primaryShade": ACCENT_STEPS.index(palette.ACCENT),
    "black": palette.INK,
    "defaultRadius": 4,
    "respectReducedMotion": True,
    "cursorType": "pointer",
}
PLOT_FONT = {"family": palette.FONT, "size": 13, "color": palette.MUTED}


def style_variables() -> str:
    """The palette as custom properties for the style sheet."""
    return ":root{" + "".join(f"--{name}:{value};" for name, value in VARIABLES.items()) + "}"


def document() -> str:
    """The document into which Dash writes itself."""
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
{{%metas%}}
<title>{{%title%}}</title>
{{%favicon%}}
{{%css%}}
<style>{style_variables()}</style>
</head>
<body>
{{%app_entry%}}
<noscript>Fairline's pages need JavaScript. The same figures are printed by: fairline query, fairline report.</noscript>
{{%config%}}
{{%scripts%}}
{{%renderer%}}
</body>
</html>"""
