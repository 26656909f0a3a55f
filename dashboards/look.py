"""One look, by day and by night: the palette of charts and papers handed to the style sheet and to Plotly."""

from __future__ import annotations

from collections.abc import Mapping

from metrics.charts import palette
from metrics.language import _, tag

TINT = "#eef3f7"
PAPER = "#ffffff"
# steps of a heat map on which the ink still reads
SHADES = ("#eaf1f7", "#d5e3ee", "#bfd4e5", "#a9c5db", "#93b6d2", "#7da7c9")
SHADES_AT_NIGHT = ("#1a2836", "#203447", "#274159", "#2d4d6a", "#345a7c", "#3b678d")
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
    **{f"shade-{step}": shade for step, shade in enumerate(SHADES, start=1)},
    "font": palette.FONT,
}
# the same roles for those whose system asks for dark; charts are turned by the style sheet
AT_NIGHT = {
    "ink": "#e8edf2",
    "muted": "#aebac6",
    "accent": "#8fc1ea",
    "attention": "#f2a783",
    "good": "#83d1a4",
    "rule": "#3a4753",
    "tint": "#1b2631",
    "paper": "#121a22",
    **{f"shade-{step}": shade for step, shade in enumerate(SHADES_AT_NIGHT, start=1)},
}
PLOT_FONT = {"family": palette.FONT, "size": 13, "color": palette.MUTED}


def style_variables() -> str:
    """The palette as custom properties for the style sheet; paper is always printed light."""
    return f":root{_listed(VARIABLES)}@media screen and (prefers-color-scheme: dark){{:root{_listed(AT_NIGHT)}}}"


def _listed(variables: Mapping[str, str]) -> str:
    return "{" + "".join(f"--{name}:{value};" for name, value in variables.items()) + "}"


def words() -> dict[str, str]:
    """What the document says itself, in the language that is spoken now."""
    needs = _("Fairline's pages need JavaScript. The same figures are printed by: fairline query, fairline report.")
    return {"lang": tag(), "needs_script": needs}


def document() -> str:
    """The document into which Dash writes itself; `words` are filled in for whoever asks."""
    return f"""<!DOCTYPE html>
<html lang="{{%lang%}}">
<head>
{{%metas%}}
<title>{{%title%}}</title>
{{%favicon%}}
{{%css%}}
<style>{style_variables()}</style>
</head>
<body>
{{%app_entry%}}
<noscript>{{%needs_script%}}</noscript>
{{%config%}}
{{%scripts%}}
{{%renderer%}}
</body>
</html>"""
