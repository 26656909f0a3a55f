"""The form of an evaluation on the screen: one key an answer, conditional items, and nothing said of the score yet."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import groupby
from math import isfinite
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.aria import aria, data
from metrics import text
from metrics.language import N_, _, spoken
from metrics.quality import Answer, Form, Item, is_shown
from metrics.quality.scoring import word

# more steps than keys: the points are typed
MOST_KEYS = 9
CRITICAL = {
    "customer": N_("customer-critical"),
    "business": N_("business-critical"),
    "compliance": N_("compliance-critical"),
}
FAILS = {"form": N_("fails the whole form"), "section": N_("fails its section")}


def sheet(form: Form, answers: Iterable[Answer], **sent: str) -> Component:
    """The items of a form with the answers given so far; `sent` is what the browser sends with them."""
    given = {answer.item: answer for answer in answers}
    titles = {section.id: section.title for section in form.sections}
    parts = [
        html.Section(
            [html.H3(spoken(titles.get(section) or "") or _("Items")), *(_item(form, item, given) for item in items)]
        )
        for section, items in groupby(form.items, key=lambda item: item.section)
    ]
    return html.Div(parts, id="sheet", className="sheet", **data(**sent))


def keys(*, submits: bool = True) -> Component:
    """The list of keys, always in sight."""
    listed = [
        (_("Tab"), _("next item")),
        ("1 2 3 …", _("the answer with this number, and on to the next item")),
        ("N", _("does not apply")),
        ("↑ ↓ J K", _("item before, item after")),
        ("← →", _("answer before, answer after")),
        *([(_("Ctrl Enter"), _("submit"))] if submits else []),
    ]
    rows = [part for key, words in listed for part in (html.Dt(html.Kbd(key)), html.Dd(words))]
    # keys of one letter can be turned off (WCAG 2.1.4): who speaks to the machine would press them unawares
    words = _("Keys answer wherever you are on this page")
    switch = html.Button(
        [words, html.Span(_("on"), className="is-on"), html.Span(_("off"), className="is-off")],
        type="button",
        id="keys-on",
        role="switch",
        **aria(checked="true", label=words),
    )
    return html.Section([html.H3(_("Keys")), html.Dl(rows), switch if submits else None], className="keys")


def _item(form: Form, item: Item, given: dict[str, Answer]) -> Component:
    """One question with its answers; hidden while what it depends on was answered otherwise."""
    name, answer = f"item-{item.id}", given.get(item.id)
    grave = [critical(item), spoken(FAILS.get(item.autofail, ""))]
    marks = ", ".join(filter(None, grave))
    question = html.P([_(item.text), html.Strong(marks, className="attention") if marks else None], id=f"{name}-text")
    guidance = html.Small(_(item.guidance), id=f"{name}-guidance") if item.guidance else None
    condition = data(shown_by=item.shown_by, shown_for=json.dumps(item.shown_for)) if item.shown_by else {}
    return html.Div(
        [question, guidance, _answers(item, answer, name)],
        className="item",
        hidden=not is_shown(form, item, given),
        id=name,
        **data(item=item.id, kind=item.type),
        **condition,
    )


def _answers(item: Item, answer: Answer | None, name: str) -> Component:
    said = {"labelledby": f"{name}-text"} | ({"describedby": f"{name}-guidance"} if item.guidance else {})
    if item.type == "text":
        value = (answer.value if answer else None) or ""
        return html.Div(_labelled_area(item, value))
    choices = _choices(item)
    if choices is None:
        na = _na(item, role="checkbox", is_chosen=answer is not None and answer.is_na, is_stop=True)
        return html.Div([_number(item, answer), *na], role="group", className="answers", **aria(**said))
    chosen = next((key for key, sent, _words in choices if _is_said(item, sent, answer)), None)
    is_na = answer is not None and answer.is_na
    # one stop of the Tab key an item: what is chosen, else the first answer
    stop = chosen or ("" if is_na else choices[0][0])
    buttons = [
        _answer(key, words, sent, role="radio", is_chosen=key == chosen, is_stop=key == stop)
        for key, sent, words in choices
    ]
    buttons += _na(item, role="radio", is_chosen=is_na, is_stop=is_na)
    return html.Div(buttons, role="radiogroup", className="answers", **aria(**said))


def _choices(item: Item) -> list[tuple[str, dict[str, Any], str]] | None:
    """An item's answers: key, what is sent, and the words; null where points are typed."""
    if item.type == "yes_no":
        return [("1", {"value": "yes"}, _("Yes")), ("2", {"value": "no"}, _("No"))]
    if item.type == "choice":
        return [
            (str(n), {"value": one.value}, _(one.title or one.value)) for n, one in enumerate(item.options, start=1)
        ]
    most = item.most or 0
    whole = float(item.least).is_integer() and float(most).is_integer()
    if item.type == "scale" and whole and most <= MOST_KEYS:
        steps = range(int(item.least), int(most) + 1)
        return [(str(step), {"points": step}, str(step)) for step in steps]
    return None


def _is_said(item: Item, sent: dict[str, Any], answer: Answer | None) -> bool:
    if answer is None or answer.is_na:
        return False
    return bool(word(item, answer) == sent["value"] if "value" in sent else answer.points == sent["points"])


def _answer(key: str, words: str, sent: dict[str, Any], *, role: str, is_chosen: bool, is_stop: bool) -> Component:
    cap = html.Kbd(key.upper(), **aria(hidden="true")) if words != key else None
    return html.Button(
        [cap, words],
        type="button",
        role=role,
        tabIndex="0" if is_stop else "-1",
        **data(key=key, said=json.dumps(sent)),
        **aria(checked="true" if is_chosen else "false"),
    )


def _na(item: Item, *, role: str, is_chosen: bool, is_stop: bool) -> list[Component]:
    if not item.may_not_apply:
        return []
    return [_answer("n", _("Does not apply"), {"is_na": True}, role=role, is_chosen=is_chosen, is_stop=is_stop)]


def _number(item: Item, answer: Answer | None) -> Component:
    """Points that are typed; a browser's own number field would change them when the wheel is turned."""
    points = answer.points if answer else None
    words = (
        _("From {least} to {most}").format(least=_plain(item.least), most=_plain(item.most))
        if item.is_scored and item.most is not None
        else _("A number")
    )
    field = dcc.Input(
        type="text", inputMode="numeric", autoComplete="off", value="" if points is None else f"{points:g}"
    )
    return html.Label([html.Small(words), field], className="field")


def _labelled_area(item: Item, value: str) -> Component:
    return html.Label(
        [html.Span(_(item.text), className="unseen"), dcc.Textarea(value=value, rows=3, className="words-field")]
    )


def answers_said(content: Any) -> list[Answer]:
    """The answers that a browser sent, as far as they are answers; what they are worth is checked with the form."""
    found = []
    for one in content if isinstance(content, list) else []:
        if not isinstance(one, dict) or not isinstance(one.get("item"), str):
            continue
        points, value = one.get("points"), one.get("value")
        is_number = isinstance(points, int | float) and not isinstance(points, bool) and isfinite(points)
        found.append(
            Answer(
                one["item"],
                points=float(points) if is_number else None,  # type: ignore[arg-type]
                is_na=one.get("is_na") is True,
                value=value[:2000] if isinstance(value, str) else None,
            )
        )
    return found


def readable(form: Form, answers: Iterable[dict[str, Any]]) -> list[list[Any]]:
    """The answers of a submitted evaluation as rows: section, question, what was said, and whether it failed."""
    by_item = {row["item_id"]: row for row in answers}
    titles = {section.id: section.title for section in form.sections}
    return [
        [
            _(item.text),
            spoken(titles.get(item.section, "")),
            said(item, by_item[item.id]),
            _outcome(item, by_item[item.id]),
        ]
        for item in form.items
        if item.id in by_item
    ]


def said(item: Item, row: dict[str, Any]) -> str:
    """One answer in words."""
    if row["is_na"]:
        return _("does not apply")
    if row["value"] is not None:
        titles = {option.value: _(option.title) for option in item.options} | {"yes": _("Yes"), "no": _("No")}
        return titles.get(row["value"]) or str(row["value"])
    if row["points"] is None:
        return _("left blank")
    reached = _plain(row["points"])
    return (
        _("{points} of {most}").format(points=reached, most=_plain(row["max_points"])) if row["max_points"] else reached
    )


def _plain(number: float) -> str:
    """A number of points, without decimals that say nothing."""
    return text.count(number) if float(number).is_integer() else text.decimal(number)


def _outcome(item: Item, row: dict[str, Any]) -> str:
    if not row["failed"]:
        return "" if row["is_na"] or not item.is_scored else _("passed")
    grave = ", ".join(filter(None, ["▲\u00a0" + _("failed"), critical(item)]))
    return f"{grave}: {_(FAILS[item.autofail])}" if item.autofail in FAILS else grave


def critical(item: Item) -> str:
    """How grave a failure is, in words; empty where it is not."""
    return _(CRITICAL[item.critical_class]) if item.critical_class in CRITICAL else ""
