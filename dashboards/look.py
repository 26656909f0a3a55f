"""One look, by day and by night: the tokens of charts and papers handed to the style sheet and to Plotly."""

from __future__ import annotations

from metrics import tokens, typeface
from metrics.charts import palette
from metrics.language import _, tag

# where a browser finds the letters, before anybody has signed in too
LETTERS = "/letters/"

SCALES = tokens.scales(tokens.ON_SCREEN)
VARIABLES = {**tokens.colours(tokens.BY_DAY), **SCALES, "font": tokens.FONT}
AT_NIGHT = tokens.colours(tokens.AT_NIGHT)
PLOT_FONT = {"family": tokens.FONT, "size": tokens.TYPE[tokens.ON_SCREEN["small"]], "color": palette.MUTED}


def style_variables() -> str:
    """The tokens as custom properties for the style sheet; paper is always printed light."""
    letters = typeface.declared(lambda face: f"{LETTERS}{face.file}")
    by_day, by_night = tokens.declared(VARIABLES), tokens.declared(AT_NIGHT)
    return f"{letters}:root{{{by_day}}}@media screen and (prefers-color-scheme: dark){{:root{{{by_night}}}}}"


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
