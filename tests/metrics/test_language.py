"""Every word that a page or paper says is in the catalogue, and in Spanish; code and catalogue cannot drift apart."""

from __future__ import annotations

import re
from string import Formatter

import pytest

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
    assert said == ["⟦no data⟧", "⟦open⟧", "⟦2 days⟧", ""]
