"""The language that pages and papers speak: English is written in the code, the others stand in `metrics/locale`.

A message is a plain text with named braces, translated first and filled after, so that a translator sees it whole:

    _("{name}: {number} contacts waited").format(name=name, number=text.count(number))

`n_` chooses between one and many, `p_` tells apart two meanings of one English word, and `N_` marks a constant that is
translated where it is used. `python -m tests.words` collects the messages and brings the catalogues up to date.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sql import WrongUse

if TYPE_CHECKING:
    from babel import Locale

FOLDER = Path(__file__).parent / "locale"
LANGUAGES = {"en": "English", "es": "Español"}
# shows every message in wide letters: a plain one was never given to a translator, also where it fills a message
PSEUDO = "xx"
WIDE = {code: code + 0xFEE0 for code in (*range(ord("A"), ord("Z") + 1), *range(ord("a"), ord("z") + 1))}
# what a message leaves to be filled in, which stays as it is
TO_FILL = re.compile(r"(\{[^{}]*\})")
# numbers and names of days follow a region where a centre names one (es-MX); these are meant otherwise, since Fairline
# is made for cities of the United States
REGIONS = {"en": "en_US", "es": "es_US", PSEUDO: "en_US"}
# between a meaning and its message, as in gettext
MEANING = "\x04"
_spoken: ContextVar[str] = ContextVar("spoken", default="en")


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Say everything within in a language: "es", or with a region "es-MX"; an unknown one is English."""
    token = _spoken.set(known(code) or "en")
    try:
        yield
    finally:
        _spoken.reset(token)


def known(code: str) -> str | None:
    """A language that Fairline speaks as it is written in HTML ("es", "es-MX"); None for any other.

    >>> known("es_mx"), known("ES"), known("fr")
    ('es-MX', 'es', None)
    """
    main, _, region = code.strip().replace("_", "-").partition("-")
    main = main.lower()
    if main not in LANGUAGES and main != PSEUDO:
        return None
    region = region.partition("-")[0].upper()
    return f"{main}-{region}" if len(region) == 2 and region.isalpha() else main


def spoken_by(folder: Path) -> str:
    """The language of a centre's pages and papers: `language` under [centre] in its centre.toml, else English.

    Raises WrongUse for one that Fairline does not speak.
    """
    try:
        settings = tomllib.loads((folder / "centre.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        # whoever reads the other settings says what is wrong with them
        return "en"
    return chosen(str(settings.get("centre", {}).get("language", "en")))


def chosen(code: str) -> str:
    """A language as somebody asked for it; raises WrongUse for one that Fairline does not speak."""
    found = known(code)
    if found is None:
        raise WrongUse(
            f"{code!r} is no language that Fairline speaks. Choose one of {', '.join(LANGUAGES)}, with a region where "
            "numbers and times of day are written otherwise: es-MX."
        )
    return found


def language() -> str:
    """The language that is spoken now: "en", "es"."""
    return _spoken.get().partition("-")[0]


def tag() -> str:
    """The language that is spoken now with its region, as HTML and PDF name it: "es", "es-MX"."""
    return _spoken.get()


def has_region() -> bool:
    """Whether the centre named a region, whose way of writing the time of day then holds."""
    return "-" in _spoken.get()


def locale() -> Locale:
    """How numbers and names of days are written where the language is spoken now."""
    return _locale(_spoken.get())


@cache
def _locale(spoken: str) -> Locale:
    from babel import Locale, UnknownLocaleError

    main = spoken.partition("-")[0]
    try:
        return Locale.parse(spoken.replace("-", "_") if main != spoken and main != PSEUDO else REGIONS[main])
    except (UnknownLocaleError, ValueError):
        return Locale.parse(REGIONS[main])


def _(message: str) -> str:
    """A message in the language that is spoken now; one that has no translation stays English."""
    spoken = language()
    if spoken == "en" or not message:
        return message
    if spoken == PSEUDO:
        return _widened(message)
    return _catalogue(spoken).messages.get(message, message)


def p_(meaning: str, message: str) -> str:
    """A message whose English word has several meanings: `p_("a case", "open")`."""
    spoken = language()
    if spoken == "en":
        return message
    if spoken == PSEUDO:
        return _widened(message)
    return _catalogue(spoken).messages.get(f"{meaning}{MEANING}{message}", message)


def n_(one: str, many: str, number: float) -> str:
    """A message that depends on a number: `n_("{n} day", "{n} days", n).format(n=n)`."""
    spoken = language()
    if spoken == "en":
        return one if number == 1 else many
    if spoken == PSEUDO:
        return _widened(one if number == 1 else many)
    catalogue = _catalogue(spoken)
    forms = catalogue.plurals.get(one)
    if forms is None:
        return one if number == 1 else many
    return forms[catalogue.form(int(number) if number == int(number) else 2)]


def N_(message: str) -> str:  # noqa: N802 (gettext's own name)
    """A message that is translated where it is used: marks it for the catalogue and gives it back."""
    return message


def spoken(message: str) -> str:
    """What N_ marked, in the language that is spoken now: for a word that comes out of a table and not out of code."""
    return _(message)


def _widened(message: str) -> str:
    """A message as the made-up language says it."""
    return "".join(part if part.startswith("{") else part.translate(WIDE) for part in TO_FILL.split(message))


@dataclass(frozen=True)
class _Catalogue:
    messages: dict[str, str]
    plurals: dict[str, Sequence[str]]
    form: Callable[[int], int]


@cache
def _catalogue(spoken: str) -> _Catalogue:
    """The translations of a language, read once."""
    from gettext import c2py

    from babel.messages.pofile import read_po

    with (FOLDER / spoken / "LC_MESSAGES" / "fairline.po").open("rb") as file:
        read = read_po(file, locale=spoken)
    messages: dict[str, str] = {}
    plurals: dict[str, Sequence[str]] = {}
    for message in read:
        string = message.string
        if isinstance(message.id, str):
            if message.id and string:
                meaning = f"{message.context}{MEANING}" if message.context else ""
                messages[meaning + message.id] = str(string)
        elif isinstance(string, tuple) and all(string):
            plurals[message.id[0]] = string
            messages[message.id[0]] = string[0]
    return _Catalogue(messages, plurals, c2py(read.plural_expr))
