"""Every word that a page or paper says is in the catalogue, and in Spanish; code and catalogue cannot drift apart."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import pairwise
from string import Formatter
from types import SimpleNamespace
from typing import Any

import pytest

from metrics import text
from metrics.compare import words as compared
from metrics.language import PSEUDO, _, known, language, n_, p_, speaking, tag
from tests import words

FOLDERS = ("metrics", "reports", "dashboards")
# a message that is put together first is one that no translator ever sees
PUT_TOGETHER = re.compile(r"(?<![\w.])(?:_|n_|p_|N_)\(\s*(?:f[\"']|[\"'][^\"']*[\"']\s*(?:\+|%|\.format))")


@pytest.fixture(scope="module")
def found() -> set[words.Words]:
    return words.messages()


def test_the_catalogues_hold_what_is_said_and_nothing_else(found: set[words.Words]) -> None:
    for path in [words.TEMPLATE, *words.translations().values()]:
        kept = {words.Words(one.id, one.context) for one in words.read(path) if one.id}  # type: ignore[arg-type]
        assert kept == found, f"{path.name} is not what the code says; bring it up to date: python -m tests.words"


def several(said: object) -> list[str]:
    """The forms of a message or translation: one, or one and many."""
    return [str(form) for form in said] if isinstance(said, list | tuple) else [str(said)]


def placeholders(message: str) -> set[str]:
    return {name for _text, name, _form, _how in Formatter().parse(message) if name is not None}


@pytest.mark.parametrize("code", words.translations())
def test_a_translation_fills_the_same_places(code: str) -> None:
    wrong = [
        said
        for one in words.catalogue(code)
        for said in several(one.string)
        if one.id and said and placeholders(said) | {"n"} != placeholders(several(one.id)[-1]) | {"n"}
    ]
    assert not wrong


def test_no_message_is_put_together_before_it_is_translated() -> None:
    wrong = [
        f"{path.relative_to(words.ROOT)}: {match[0]}"
        for folder in FOLDERS
        for pattern in ("*.py", "*.jinja")
        for path in (words.ROOT / folder).rglob(pattern)
        for match in PUT_TOGETHER.finditer(path.read_text(encoding="utf-8"))
    ]
    assert not wrong, f'Translate a plain text, then fill it: _("{{n}} contacts").format(n=n): {wrong}'


@pytest.mark.parametrize(
    ("code", "expected"),
    [("es", "es"), ("ES", "es"), ("es_mx", "es-MX"), ("es-419", "es"), ("en-US", "en-US"), ("fr", None), ("", None)],
)
def test_a_language_is_known_by_its_code(code: str, expected: str | None) -> None:
    assert known(code) == expected


def test_a_language_is_spoken_only_within() -> None:
    with speaking("es-MX"):
        assert (language(), tag()) == ("es", "es-MX")
        with speaking("tlh"):
            assert tag() == "en"
        assert tag() == "es-MX"
    assert tag() == "en"


def test_the_language_for_trying_shows_what_was_translated() -> None:
    with speaking(PSEUDO):
        said = [_("no data"), p_("a case", "open"), n_("{n} day", "{n} days", 2).format(n=2), _("")]
    assert said == ["ｎｏ ｄａｔａ", "ｏｐｅｎ", "2 ｄａｙｓ", ""]


@pytest.mark.parametrize("code", words.translations())
def test_a_language_says_everything(code: str) -> None:
    left = [one.id for one in words.catalogue(code) if one.id and not all(several(one.string or ""))]
    assert not left, f"Translate these in metrics/locale/{code}: {left[:10]}"


SHARE, DAYS = SimpleNamespace(unit="share"), SimpleNamespace(unit="days")
MORNING = datetime(2026, 11, 18, 7, 30)  # noqa: DTZ001 (local, as texts take it)
# what is written, and how it reads in English, in Spanish, in Spain's Spanish, in the English of the United States
WRITTEN: list[tuple[Callable[[], str], str, str, str, str]] = [
    (lambda: text.count(-1234567), "−1,234,567", "−1,234,567", "−1.234.567", "−1,234,567"),
    (lambda: text.share(0.8274), "82.7 %", "82.7 %", "82,7 %", "82.7 %"),
    (lambda: text.share(0.9999), "over 99.9 %", "más de 99.9 %", "más de 99,9 %", "over 99.9 %"),
    (lambda: text.days(1), "1.0 day", "1.0 día", "1,0 día", "1.0 day"),
    (lambda: text.hours(7.5), "7.5 hours", "7.5 horas", "7,5 horas", "7.5 hours"),
    (lambda: text.duration(3727), "1:02:07", "1:02:07", "1:02:07", "1:02:07"),
    (lambda: text.change(SHARE, -0.031), "−3.1 points", "−3.1 puntos", "−3,1 puntos", "−3.1 points"),
    (lambda: text.change(DAYS, 0.5), "+0.5 days", "+0.5 días", "+0,5 días", "+0.5 days"),
    (lambda: text.day(MORNING), "Wednesday 18 November 2026", "miércoles 18 de noviembre de 2026", "miércoles 18 de noviembre de 2026", "Wednesday 18 November 2026"),
    (lambda: text.short_day(MORNING), "Wed 18 Nov", "mié 18 nov", "mié 18 nov", "Wed 18 Nov"),
    (lambda: text.month(MORNING), "November 2026", "noviembre de 2026", "noviembre de 2026", "November 2026"),
    (lambda: text.clock(MORNING), "07:30", "07:30", "7:30", "7:30\N{NARROW NO-BREAK SPACE}AM"),
    (lambda: text.listed(["A", "B", "C"]), "A, B and C", "A, B y C", "A, B y C", "A, B and C"),
    (lambda: text.number_of(1204, "contact"), "1,204 contacts", "1,204 contactos", "1.204 contactos", "1,204 contacts"),
    (lambda: text.dimension_value("language", "so"), "Somali", "Somalí", "Somalí", "Somali"),
]  # fmt: skip


@pytest.mark.parametrize(("write", "english", "spanish", "spain", "states"), WRITTEN)
def test_numbers_and_days_are_written_as_the_language_writes_them(
    write: Callable[[], str], english: str, spanish: str, spain: str, states: str
) -> None:
    found = []
    for code in ("en", "es", "es-ES", "en-US"):
        with speaking(code):
            found.append(write())
    assert found == [english, spanish, spain, states]


LIKELY = [((0.5, -0.1, 0.1), "40 % a 60 %"), ((None, None, None), "sin datos")]


@pytest.mark.parametrize(("numbers", "told"), LIKELY)
def test_between_what_a_value_lies_is_said_in_the_readers_language(numbers: tuple[Any, Any, Any], told: str) -> None:
    """A message within another hid an English one from the test of words."""
    verdict: Any = SimpleNamespace(**dict(zip(("expected", "low", "high"), numbers, strict=True)))
    rule: Any = SimpleNamespace(scale="share")
    with speaking("es"):
        assert compared.likely(rule, verdict) == told


# ---- what is marked where it stands is translated where it is used ----------------------------------------------------

SAYS = {"_", "spoken", "n_", "p_"}


def called(node: ast.AST) -> str:
    """The last name of what is called."""
    func = node.func if isinstance(node, ast.Call) else None
    return func.id if isinstance(func, ast.Name) else func.attr if isinstance(func, ast.Attribute) else ""


def marked_in(tree: ast.Module) -> set[str]:
    """The names of a module's own constants that are words marked by N_, or tables of them."""
    return {
        ast.unparse(one.targets[0] if isinstance(one, ast.Assign) else one.target)
        for one in tree.body
        if isinstance(one, ast.Assign | ast.AnnAssign) and one.value
        if any(called(value) == "N_" for value in [one.value, *getattr(one.value, "values", [])])
    }


def left_english(tree: ast.Module) -> Iterator[str]:
    """Where a marked word is taken out of its constant, or shown to somebody, and not translated."""
    marked = marked_in(tree)
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)} if marked else {}
    for node in above:
        if not (isinstance(node, ast.Name) and node.id in marked and isinstance(node.ctx, ast.Load)):
            continue
        way = [one := above[node]]
        while not isinstance(one, ast.stmt):
            way.append(one := above[one])
        first = way[0]
        is_got = isinstance(first, ast.Attribute) and first.attr == "get"
        is_taken = is_got or (isinstance(first, ast.Subscript) and first.value is node)
        is_key = any(isinstance(outer, ast.Subscript) and outer.slice is inner for inner, outer in pairwise(way))
        if (not is_taken or is_key) and called(first) != "WrongUse":
            continue
        if not SAYS & set(map(called, way)):
            yield ast.unparse(one)


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_marked_word_is_translated_where_it_is_used(folder: str) -> None:
    left = [
        f"{path.relative_to(words.ROOT)}: {one}"
        for path in (words.ROOT / folder).rglob("*.py")
        for one in left_english(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not left
