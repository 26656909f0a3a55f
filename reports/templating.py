"""Templates, ours and the city's: a file in the centre's `templates/` takes the place of ours, or changes its blocks.

A city's `templates/packet/packet.html.jinja` begins with `{% extends "fairline/packet/packet.html.jinja" %}` and writes
only the blocks that it changes. `templates/brand.toml` gives the logo, the colours and other words for headings.
"""

from __future__ import annotations

import base64
import hashlib
import re
import tomllib
import traceback
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
)
from markupsafe import Markup
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from metrics import WrongUse, fault_words, text, tokens
from metrics.charts import palette
from metrics.charts.contrast import contrast
from metrics.drawing import draw
from metrics.language import _, p_
from metrics.parts import Number, Strip, Table
from reports.day_room import IN_TWO_COLUMNS
from reports.widths import shares, shows_n

FOLDER = "templates"
BRAND = "brand.toml"
MOST_LOGO = 200_000
LOGOS = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".svg": "image/svg+xml"}
# text must stand out from white by this much (WCAG 2.1, 1.4.3)
LEAST_CONTRAST = 4.5
COLOUR = r"^#[0-9a-fA-F]{6}$"
Colour = Literal["ink", "muted", "accent", "attention", "good"]


class Brand(BaseModel):
    """How a city's papers look and what they call things: `templates/brand.toml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    logo: str | None = None
    colours: dict[Colour, str] = Field(default_factory=dict)
    words: dict[str, str] = Field(default_factory=dict)

    def colour(self, name: Colour) -> str:
        """A colour: the city's, else ours."""
        return self.colours.get(name, str(getattr(palette, name.upper())))

    def painted(self, drawing: str) -> Markup:
        """A chart in the city's colours."""
        for name, colour in self.colours.items():
            drawing = drawing.replace(str(getattr(palette, name.upper())), colour)
        return Markup(drawing)


def brand_of(folder: Path | None) -> Brand:
    """The brand of a centre; raises WrongUse for a setting that cannot be used, or a colour that cannot be read."""
    path = folder / FOLDER / BRAND if folder else None
    if path is None or not path.is_file():
        return Brand()
    try:
        brand = Brand(**tomllib.loads(path.read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise WrongUse(f"{FOLDER}/{BRAND} cannot be read: {error}. Correct that line.") from None
    except ValidationError as error:
        fault = fault_words(error, Brand)
        raise WrongUse(f"{FOLDER}/{BRAND}: {fault} It takes logo, [colours] and [words].") from None
    for name, colour in brand.colours.items():
        if not re.match(COLOUR, colour):
            raise WrongUse(f"{FOLDER}/{BRAND}: {name} is {colour!r}; write a colour as #1a5a8a.")
        if (found := contrast(colour)) < LEAST_CONTRAST:
            raise WrongUse(
                f"{FOLDER}/{BRAND}: {name} {colour} stands out from white by {found:.1f} to 1 only; text needs "
                f"{LEAST_CONTRAST} to 1. Choose a darker colour."
            )
    return brand


def rendered(name: str, content: Mapping[str, Any], folder: Path | None = None) -> str:
    """A template with its content; raises WrongUse that names template, line and variable where one is wrong."""
    stamp = templates_digest(folder)
    environment = _environment(folder, stamp)
    try:
        return environment.get_template(name).render(content)
    except TemplateSyntaxError as error:
        raise WrongUse(
            f"{_called(error.filename or error.name or name)}, line {error.lineno}: {error.message}"
        ) from None
    except TemplateNotFound as error:
        raise WrongUse(f"There is no template {error.name!r}. Ours begin with fairline/.") from None
    except (UndefinedError, TemplateError) as error:
        raise WrongUse(f"{_place(error, name)}: {error.message}. Correct the template.") from None


@cache
def templates_digest(folder: Path | None) -> str:
    """What tells one set of templates from another: all of ours and all of the city's."""
    found = hashlib.sha256()
    for root in (Path(__file__).parent / FOLDER, *([folder / FOLDER] if folder else [])):
        for path in sorted(root.rglob("*")) if root.is_dir() else ():
            if path.is_file():
                found.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def _place(error: TemplateError, name: str) -> str:
    """Template and line in which an error came up: the innermost that is a template's."""
    frames = [one for one in traceback.extract_tb(error.__traceback__) if one.filename.endswith(".jinja")]
    if not frames:
        return _called(name)
    return f"{_called(frames[-1].filename)}, line {frames[-1].lineno}"


def _called(name: str) -> str:
    parts = Path(name).parts
    return "/".join(parts[parts.index(FOLDER) :]) if FOLDER in parts else f"{FOLDER}/{name}"


@cache
def _environment(folder: Path | None, stamp: str) -> Environment:  # noqa: ARG001 (changed templates make another one)
    ours = PackageLoader("reports", FOLDER)
    theirs: list[BaseLoader] = [FileSystemLoader(folder / FOLDER)] if folder else []
    brand = brand_of(folder)
    environment = Environment(
        loader=ChoiceLoader([PrefixLoader({"fairline": ours}), *theirs, ours]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
    )
    environment.globals.update(
        _=_,
        p_=p_,
        text=text,
        palette=palette,
        scales=Markup(tokens.declared(tokens.scales(tokens.ON_PAPER))),
        brand=brand,
        logo=_logo(folder, brand),
        shares=shares,
        shows_n=shows_n,
        in_two_columns=IN_TWO_COLUMNS,
        draw=lambda part, width=700, height=200: brand.painted(draw(part, width, height)),
    )
    environment.filters["tied"] = tied
    environment.filters["heading"] = text.heading
    environment.filters["worded"] = lambda words: brand.words.get(str(words), words)
    environment.tests.update(
        table=lambda part: isinstance(part, Table),
        strip=lambda part: isinstance(part, Strip),
        words=lambda part: isinstance(part, str) and not isinstance(part, Number),
    )
    return environment


def _logo(folder: Path | None, brand: Brand) -> str:
    """The logo as an address that holds the picture itself; raises WrongUse where it is none."""
    if not brand.logo or folder is None:
        return ""
    path = (folder / FOLDER / brand.logo).resolve()
    kind = LOGOS.get(path.suffix.lower())
    if kind is None or not path.is_relative_to((folder / FOLDER).resolve()) or not path.is_file():
        raise WrongUse(f"{FOLDER}/{BRAND}: {brand.logo!r} is no picture in {FOLDER}/. Put a png, jpg or svg there.")
    content = path.read_bytes()
    if len(content) > MOST_LOGO:
        raise WrongUse(f"{FOLDER}/{brand.logo} is {len(content):,} bytes; at most {MOST_LOGO:,} go into every paper.")
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def _printable(value: object) -> object:
    """A template that prints a null would print "None" into a report."""
    if value is None:
        raise TemplateError("it prints a null. Let metrics.text say it in words")
    return value


def tied(sentence: str) -> str:
    """Numbers tied to their units, so that no line breaks between them."""
    return re.sub(r"(?<=\d) (?=(?:%|days?\b|points\b|of \d|días?\b|puntos\b|de \d))", "\N{NO-BREAK SPACE}", sentence)
