"""The messages of pages and papers: collected from code, templates and definitions, and kept in the catalogues.

python -m tests.words              the catalogues brought up to date; no translation is lost while its message stays
python -m tests.words OTHER.po     the same, and what another's catalogue translates fills the gaps
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from etl.ledger import SUBJECTS
from metrics.language import FOLDER, LANGUAGES
from sql import grain, names

ROOT = Path(__file__).parents[1]
FOLDERS = ("metrics", "reports", "dashboards")
KEYWORDS: dict[str, Any] = {"_": None, "N_": None, "n_": (1, 2), "p_": ((1, "c"), 2)}
TEMPLATE = FOLDER / "fairline.pot"
# by which fields of which definitions a person reads words: files, and paths in them ("*" any name or entry, "#" the names)
WORDS_OF_DEFINITIONS = {
    "metrics/definitions/*.toml": ["metric.*.title", "metric.*.note", "metric.*.mixes", "metric.*.excludes.*", "need.*.otherwise", "measure.#"],
    "metrics/facts.toml": ["*.grain", "*.dimensions.*"],
    "metrics/attention.toml": ["*.says", "*.says_one", "*.until", "doubt.*.says", "doubt.*.until"],
    "metrics/roles.toml": ["*.title"],
    "metrics/compare/comparisons.toml": ["comparison.*.title", "comparison.*.note", "comparison.*.excluded.#"],
    "etl/forms/methods.toml": ["*.title"],
    "etl/forms/[!m]*.toml": ["title", "band.*.name", "section.*.title", "section.*.item.*.text", "section.*.item.*.guidance"],
}  # fmt: skip
# a catalogue must not differ for the day on which it was written
HEAD = "# Fairline: what pages and papers say. Made by python -m tests.words."
NOT_SAID = re.compile(
    r'^"(?:Generated-By|Report-Msgid-Bugs-To|Last-Translator|Language-Team|PO-Revision|POT-Crea).*\n', re.MULTILINE
)
WRITTEN_AT = datetime(2026, 1, 1, tzinfo=UTC)


class Words(NamedTuple):
    """A message: its English, for one and for many where it has both, and its meaning where it has several."""

    id: str | tuple[str, str]
    meaning: str | None = None


def messages() -> set[Words]:
    """Every message of pages, papers and definitions."""
    found = set[Words]()
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".jinja"}:
                found.update(_written_in(path))
    for pattern, places in WORDS_OF_DEFINITIONS.items():
        for path in sorted(ROOT.glob(pattern)):
            content = tomllib.loads(path.read_text(encoding="utf-8"))
            found.update(
                Words(_plain(place, text)) for place in places for text in _at(content, place.split(".")) if text
            )
    found.update(_nouns_of_comparisons())
    found.update(Words(about) for about in SUBJECTS.values())
    found.update(Words(grain(f"identities/{name}")) for name in names("identities"))
    several = {one.id[0] for one in found if isinstance(one.id, tuple)}
    return {one for one in found if one.id not in several or one.meaning}


def _plain(place: str, text: str) -> str:
    """Names of the catalogue as the words that are read."""
    return text.replace("_", " ") if place.endswith(("#", "dimensions.*")) else text


def _nouns_of_comparisons() -> Iterator[Words]:
    """What comparisons count, for one and for many."""
    content = tomllib.loads((ROOT / "metrics" / "compare" / "comparisons.toml").read_text(encoding="utf-8"))
    yield from (Words((one["counted"], f"{one['counted']}s")) for one in content["comparison"].values())


def _written_in(path: Path) -> Iterator[Words]:
    if path.suffix == ".py":
        yield from _said_in(path)
        return
    content = io.BytesIO(path.read_bytes())
    for _line, id_, _comments, meaning in extract("jinja2.ext:babel_extract", content, KEYWORDS):
        yield Words(tuple(id_) if isinstance(id_, list | tuple) else id_, meaning)  # type: ignore[arg-type]


def _said_in(path: Path) -> Iterator[Words]:
    """The messages of a module, and the nouns beside numbers: `text.number_of(n, "day")`, `..."query", "queries")`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func).rpartition(".")[2]
        said = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if name in ("_", "N_"):
            yield from (Words(text) for one in node.args for text in _either(one) if text)
        elif name == "n_" and len(said) == 2:
            yield Words((said[0], said[1]))
        elif name == "p_" and len(said) == 2:
            yield Words(said[1], said[0])
        elif name == "number_of" and said:
            yield Words((said[0], said[1] if len(said) > 1 else f"{said[0]}s"))


def _either(node: ast.expr) -> Iterator[str]:
    """A text, or the texts of which one is chosen where it stands."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (text for one in (node.body, node.orelse) for text in _either(one))


def _at(content: Any, place: list[str]) -> Iterator[str]:
    """The texts at a path of a definition."""
    if not place:
        if isinstance(content, str):
            yield content
        return
    if isinstance(content, dict) and place[0] == "#":
        inner: Any = list(content)
    elif isinstance(content, dict):
        inner = content.values() if place[0] == "*" else [content[place[0]]] if place[0] in content else []
    else:
        inner = content if isinstance(content, list) and place[0] == "*" else []
    for one in inner:
        yield from _at(one, place[1:])


def translations() -> dict[str, Path]:
    """The catalogue files of all languages but English."""
    return {code: FOLDER / code / "LC_MESSAGES" / "fairline.po" for code in LANGUAGES if code != "en"}


def catalogue(code: str) -> Catalog:
    """A language's catalogue as it stands in the repository."""
    return read(translations()[code], code)


def read(path: Path, code: str | None = None) -> Catalog:
    """A catalogue file; an empty one where there is none."""
    if not path.is_file():
        return Catalog(locale=code, header_comment=HEAD)
    with path.open("rb") as file:
        return read_po(file, locale=code)


def written(found: set[Words], code: str | None = None, *known: Catalog) -> bytes:
    """A catalogue of these messages, each with the first translation that is known of it."""
    made = Catalog(
        locale=code, project="Fairline", creation_date=WRITTEN_AT, revision_date=WRITTEN_AT,
        header_comment=(known[0].header_comment if known else "") or HEAD, fuzzy=False, charset="utf-8",
    )  # fmt: skip
    for words in found:
        string: Any = "" if isinstance(words.id, str) else ("", "")
        for one in known:
            kept = one.get(words.id, words.meaning)
            if (
                kept is not None
                and isinstance(kept.id, tuple) == isinstance(words.id, tuple)
                and _is_there(kept.string)
            ):
                string = kept.string
                break
        made.add(words.id, string, context=words.meaning)
    out = io.BytesIO()
    write_po(out, made, no_location=True, sort_output=True, width=120)
    # plural forms are the language's own, whatever Babel's tables say of millions
    text = re.sub(r'"Plural-Forms: .*\\n"', r'"Plural-Forms: nplurals=2; plural=(n != 1);\\n"', out.getvalue().decode())
    return NOT_SAID.sub("", text).encode()


def _is_there(string: Any) -> bool:
    return bool(string) if isinstance(string, str) else bool(string) and all(string)


def update(*others: Path) -> Iterator[str]:
    """Bring every catalogue up to date; says for each how much is translated."""
    found = messages()
    TEMPLATE.parent.mkdir(parents=True, exist_ok=True)
    TEMPLATE.write_bytes(written(found))
    for code, path in translations().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(found, code, read(path, code), *(read(other, code) for other in others)))
        done = sum(1 for one in read(path, code) if one.id and _is_there(one.string))
        yield f"{code}: {done} of {len(found)} messages are translated"


if __name__ == "__main__":
    for line in update(*map(Path, sys.argv[1:])):
        print(line)  # noqa: T201
