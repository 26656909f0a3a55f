"""What is drawn as text: every word arrives as it is, one component holds a table of any length, and nothing else changes."""

from __future__ import annotations

from typing import Any

import pytest
import tinyhtml5  # type: ignore[import-untyped]
from dash import dcc, html
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page

from dashboards.access import Access
from dashboards.aria import aria
from dashboards.drawn import Drawn, drawn, html_of
from dashboards.live import LiveCentre
from dashboards.shown import PAGES, WHOLE
from dashboards.shown import shown as shown_to
from dashboards.tables import Cell, Row, listing, table
from dashboards.taken import parts_of
from metrics import Figure
from metrics.catalogue import shipped
from tests.dashboards.shown_text import Element, sent
from tests.dashboards.test_languages import ASKED, reader_of
from tests.dashboards.test_pages import DAY, HOSTILE

LEVEL = shipped().metric("service_level")
KEPT: Any = {"data-n": 7, "data-value": 0.5}
INLINE = '<img src=x onerror="document.title = 1">'

WRITTEN: list[tuple[Any, str]] = [
    ("a < b & c", "a &lt; b &amp; c"),
    (["one", None, 2, True], "one2"),
    (html.P(INLINE), "<p>&lt;img src=x onerror=&#34;document.title = 1&#34;&gt;</p>"),
    (html.P("x", title='" onclick="x'), '<p title="&#34; onclick=&#34;x">x</p>'),
    (html.Label("x", htmlFor="y", className=""), '<label for="y">x</label>'),
    (html.Details(html.Summary("x"), open=True), "<details open><summary>x</summary></details>"),
    (html.Button("x", disabled=False, **aria(pressed="false")), '<button aria-pressed="false">x</button>'),
    (html.Option("All", value=""), '<option value="">All</option>'),
    (html.Td("x", colSpan="2", **KEPT), '<td colspan="2" data-n="7" data-value="0.5">x</td>'),
    (dcc.Input(type="hidden", name="n", value="<"), '<input name="n" type="hidden" value="&lt;">'),
    (dcc.Textarea(name="n", value="\n</textarea>"), '<textarea name="n">\n\n&lt;/textarea&gt;</textarea>'),
    (html.Form("x", key="k", action="/desk/note", method="post"), '<form action="/desk/note" method="post">x</form>'),
    (dcc.Link("x", href="/agent?a=1&b=2"), '<a href="/agent?a=1&amp;b=2" data-within="">x</a>'),
    (html.A("x", href="#part"), '<a href="#part">x</a>'),
]


@pytest.mark.parametrize(("part", "expected"), WRITTEN)
def test_a_component_is_written_as_its_html(part: Any, expected: str) -> None:
    assert html_of(part) == expected


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "java\nscript:alert(1)", " javascript:x", "data:text/html,x", "//elsewhere", "/\\x"],
)
def test_no_address_leads_to_a_script_or_away(address: str) -> None:
    assert "href" not in html_of(dcc.Link("x", href=address)) + html_of(html.A("x", href=address))


def parsed(text: str) -> Any:
    """The body of a document as a browser builds it."""
    return tinyhtml5.parse(text.encode(), namespace_html_elements=False, transport_encoding="utf-8").find("body")


# a browser itself reads these otherwise: ends of lines as one, and nothing where no letter can be
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)


@given(WORDS, WORDS)
def test_any_word_arrives_as_text_and_any_value_as_a_value(word: str, value: str) -> None:
    paragraph = parsed(html_of(html.P([html.B(word), word], title=value))).find("p")
    assert [(one.tag, dict(one.attrib), one.text, one.tail) for one in paragraph.iter()] == [
        ("p", {"title": value}, None, None),
        ("b", {}, word, word),
    ]


# ---- what stays with Dash --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 12, 500])
def test_a_table_is_one_component_however_long(rows: int) -> None:
    cells = [Row(f"Name {n}", ("Day A", Cell(Figure(LEVEL, 0.5, 50, 100, 100), "/figure"))) for n in range(rows)]
    figures = table("Made up", "Agent", ("Team", "Service level"), cells, of_people=True)
    words = listing("Words", ["A", "B"], [[html.A("x", href="/"), n] for n in range(rows)], numbers=1)
    assert [len(list(parts_of(drawn(one)))) for one in (figures, words)] == [1, 1]


def test_what_a_library_draws_or_a_callback_names_stays_with_dash() -> None:
    graph = dcc.Graph(id="by-interval")
    named: Any = {"part": "year"}
    waits = html.Div(html.P("Being worked out"), id=named)
    section = drawn(html.Section([html.H2("Half hours"), html.Div(graph), html.Table(html.Tbody())]))
    assert [type(one) for one in parts_of(section)] == [html.Section, Drawn, html.Div, dcc.Graph, Drawn]
    assert [type(one) for one in parts_of(drawn(waits))] == [html.Div, Drawn]
    # what is handed in stays as it was
    assert [type(one) for one in parts_of(waits)] == [html.Div, html.P]


def written(element: Element) -> list[Any]:
    """Elements within elements as they are written."""
    return [(one.tag, written(one)) for one in element.inside if isinstance(one, Element)]


def built(element: Any) -> list[Any]:
    """Elements within elements as a browser builds them."""
    return [(one.tag, built(one)) for one in element]


@pytest.mark.parametrize("path", PAGES)
def test_a_browser_builds_of_the_text_what_the_page_says(live: LiveCentre, access: Access, path: str) -> None:
    """A list within a paragraph, say, would come to stand after it."""
    for asked in ASKED.get(path, [{}]):
        search = "?" + "&".join(f"{name}={value}" for name, value in {"day": DAY.isoformat(), **asked}.items())
        found = shown_to(live, access, reader_of(path), path, search, WHOLE)
        parts = [one for one in parts_of(drawn([found.bar, found.page])) if isinstance(one, Drawn)]
        assert parts
        for one in parts:
            text = f"<{one.tag}>{one.html}</{one.tag}>"
            assert built(parsed(text)) == written(sent(one)), text


# ---- in a browser ----------------------------------------------------------------------------------------------------


@pytest.mark.browser
def test_hostile_names_run_nothing_in_a_browser(page: Page) -> None:
    names = [
        *HOSTILE,
        INLINE,
        "</td></table><script>document.title = 2</script>",
        '" autofocus onfocus="document.title = 3',
    ]
    shown = listing("Names", ["A", "B"], [[html.Span(name, title=name), name] for name in names])
    page.set_content(f"<title>whole</title>{html_of(shown)}")
    assert page.locator("tbody th").all_inner_texts() == names
    assert page.locator("tbody span").evaluate_all("all => all.map(one => one.title)") == names
    assert page.locator("tbody").evaluate("one => one.querySelectorAll('img, script, svg, [onfocus]').length") == 0
    assert page.title() == "whole"
