"""A scene drawn by its macro: SVG as text, the same bytes for the same scene."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from metrics.charts import palette
from metrics.charts.scale import text_width
from metrics.charts.scene import px
from metrics.language import _


def drawn(template: str, scene: Mapping[str, Any]) -> Markup:
    """The SVG of a scene; `template` names the macro's file."""
    lines = str(_macros(template).chart(scene)).splitlines()
    return Markup("\n".join(line for line in lines if line.strip()))


@cache
def _macros(template: str) -> Any:
    environment = Environment(
        loader=PackageLoader("metrics.charts", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    environment.globals.update(_=_, palette=palette, px=px, text_width=text_width)
    return environment.get_template(f"{template}.jinja").module
