"""Papers and mails speak the language of who gets them: all of it from the catalogue, and never two on one paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

import metrics as m
from metrics.language import PSEUDO, chosen, speaking, spoken_by
from reports.issue import made_from
from reports.pdf import as_html, stem
from tests.dashboards.test_languages import NAMES, plain_in
from tests.reports.conftest import ALL_DAYS, EVERYONE, PAPERS


class Texts(HTMLParser):
    """What a paper says: its texts, and what is read aloud of its drawings and pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "img", "br"):
            self.within.append(tag)
        self.found += [value for name, value in attrs if name in ("alt", "title", "aria-label") and value]

    def handle_endtag(self, tag: str) -> None:
        if tag in self.within:
            while self.within.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not {"style", "code"} & set(self.within):
            self.found.append(data.strip())


def said_by(html: str) -> list[str]:
    texts = Texts()
    texts.feed(html)
    return texts.found


@pytest.fixture(scope="module")
def town(loaded_city: Path) -> Iterator[m.Centre]:
    with m.open_centre(loaded_city) as centre:
        yield centre


@pytest.fixture(scope="module")
def names(town: m.Centre) -> re.Pattern[str]:
    """The names that the data bring: people, teams, queues, kinds of requests, sections and items of forms."""
    roster = m.roster(town, during=ALL_DAYS, scope=EVERYONE)
    # a command is no word
    found = {town.name, str(town.timezone), "fairline define"}
    for column in ("agent_id", "name", "team", "site", "shift", "supervisor"):
        found |= {str(value) for value in roster[column].drop_nulls()}
    found |= {str(value) for value in town.table("queue")["name"].drop_nulls()}
    ask = m.Asker(town, EVERYONE)
    for count, dimension in (
        ("contacts_received", "request_type"), ("requests_created", "request_type"), ("requests_created", "department"),
        ("contacts_received", "queue"), ("evaluations_done", "evaluator"),
    ):  # fmt: skip
        found |= {str(key[0]) for key in ask.by([count], [dimension], ALL_DAYS).keys if key[0]}
    found |= {one.source for one in m.freshness(town)}
    found |= {str(name) for name in town.table("calendar")["holiday_name"].drop_nulls()}
    found |= {str(one) for name in ("reason", "column_name") for one in m.put_aside(town)[name].drop_nulls()}
    return re.compile("|".join(re.escape(name) for name in sorted(filter(None, found), key=len, reverse=True)))


@pytest.mark.parametrize("name", ["daily sheet", "packet", "quality report"])
def test_every_word_of_a_paper_is_in_the_catalogue(town: m.Centre, names: re.Pattern[str], name: str) -> None:
    with speaking(PSEUDO):
        texts = said_by(as_html(PAPERS[name](town).document))
    left = {words for words in texts if re.search(r"[^\W\d_]", NAMES.sub("", names.sub("", plain_in(words))))}
    assert not left, f"Give these to the catalogue, with _() or n_(): {sorted(left)[:20]}"


def test_what_a_paper_is_made_of_names_its_language(town: m.Centre) -> None:
    def made(code: str) -> str:
        with speaking(code):
            return made_from(town, "daily", {})

    assert len({made(code) for code in ("en", "es", "es-MX")}) == 3


def test_the_name_of_a_file_says_its_language() -> None:
    with speaking("es-MX"):
        assert stem("monthly", "2026-10") == "monthly-2026-10-es-MX"
    assert stem("monthly", "2026-10") == "monthly-2026-10"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [('language = "es"', "es"), ('language = "es-MX"', "es-MX"), ("", "en")],
)
def test_a_centre_says_what_its_papers_speak(tmp_path: Path, settings: str, expected: str) -> None:
    (tmp_path / "centre.toml").write_text(f'[centre]\nname = "Town"\n{settings}\n', encoding="utf-8")
    assert spoken_by(tmp_path) == expected


def test_a_language_that_is_not_spoken_is_told_with_those_that_are() -> None:
    with pytest.raises(m.WrongUse, match=r"'fr' is no language that Fairline speaks. Choose one of en, es"):
        chosen("fr")
