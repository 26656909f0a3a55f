"""The score of one evaluation (M65): raw and final, by section, by the rules of its form version.

The warehouse computes the same for whole tables (`sql/views/evaluation_score.sql`); a test holds the two together.
This one is asked while an evaluator fills in a form, and says what is still missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from metrics.quality.form import Form, Item
from sql import WrongUse

CLASSES = ("customer", "business", "compliance")


@dataclass(frozen=True)
class Answer:
    """What an evaluator said of one item: points on its scale, a word of a choice, or that it does not apply."""

    item: str
    points: float | None = None
    is_na: bool = False
    value: str | None = None
    failed: bool = False


@dataclass(frozen=True)
class SectionScore:
    """A section's score before and after auto-fails, and what it counts in the form; null where nothing applied."""

    raw: float | None
    final: float | None
    counts: float


@dataclass(frozen=True)
class Score:
    """Shares of 1. `raw` is before auto-fails; both are null while an item is `missing` or where nothing applied.

    `critical` says per class whether nothing failed; null where the class did not apply.
    """

    raw: float | None
    final: float | None
    sections: Mapping[str, SectionScore]
    missing: tuple[str, ...]
    failed: tuple[str, ...]
    autofailed_by: tuple[str, ...]
    critical: Mapping[str, bool | None]
    is_passed: bool | None
    band: str | None


@dataclass
class _Sums:
    """What a section adds up to."""

    earned: float = 0.0
    shares: float = 0.0
    applicable: float = 0.0
    handed_on: float = 0.0
    items: int = 0
    is_zeroed: bool = False


@dataclass(frozen=True)
class _Judged:
    """A shown item with what became of it."""

    item: Item
    applies: bool
    points: float = 0.0
    failed: bool = False
    earned: float = field(default=0.0)


def score(form: Form, answers: Iterable[Answer]) -> Score:
    """The score that some answers make on a form.

    Raises WrongUse for an item that the form does not have or does not show, an answer twice, one outside the item's
    scale, and "not applicable" where the item always applies.
    """
    given = _checked(form, answers)
    shown = [item for item in form.items if is_shown(form, item, given)]
    missing = tuple(item.id for item in shown if form.rules.blank == "incomplete" and _is_open(item, given))
    judged = [_judge(form, item, given.get(item.id)) for item in form.items if item.is_scored]
    sums = _section_sums(form, judged)
    sections = {section.id: _section_score(form, sums[section.id], section.weight) for section in form.sections}
    raw, final = _mean(sections, "raw"), _mean(sections, "final")
    autofails = tuple(one.item.id for one in judged if _zeroes(form, one, "form") or _zeroes(form, one, "section"))
    if final is not None and any(_zeroes(form, one, "form") for one in judged):
        final = 0.0
    if missing:
        raw = final = None
    return Score(
        raw=raw,
        final=final,
        sections=sections,
        missing=missing,
        failed=tuple(one.item.id for one in judged if one.failed),
        autofailed_by=autofails,
        critical={name: _class_is_right(judged, name) for name in CLASSES},
        is_passed=_is_passed(form, judged, final),
        band=form.band(final),
    )


def is_shown(form: Form, item: Item, given: Mapping[str, Answer]) -> bool:
    """Whether an item is asked, after what was answered above it."""
    if item.shown_by is None:
        return True
    asked, answer = form.item(item.shown_by), given.get(item.shown_by)
    if answer is None or answer.is_na or not is_shown(form, asked, given):
        return False
    return word(asked, answer) in item.shown_for


def word(item: Item, answer: Answer) -> str | None:
    """An answer as a condition names it: its word, or the word that its points stand for."""
    if answer.value is not None or answer.points is None:
        return answer.value
    if item.type == "yes_no":
        return "yes" if answer.points == item.most else "no"
    words = [option.value for option in item.options if option.points == answer.points]
    return words[0] if words else f"{answer.points:g}"


def _checked(form: Form, answers: Iterable[Answer]) -> dict[str, Answer]:
    given: dict[str, Answer] = {}
    for answer in answers:
        item = form.item(answer.item)
        if item.id in given:
            raise WrongUse(f"Item {item.id} was answered twice. Keep one of the answers.")
        given[item.id] = _with_points(item, answer)
        _check_scale(item, given[item.id])
    for name in given:
        if not is_shown(form, form.item(name), given):
            by = form.item(name).shown_by
            raise WrongUse(f"Item {name} is not asked after what was answered to {by}. Take its answer away.")
    return given


def _with_points(item: Item, answer: Answer) -> Answer:
    """The answer with the points of its word, where it came as a word."""
    if answer.points is not None or answer.value is None or answer.is_na or not item.is_scored:
        return answer
    worth = {option.value: option.points for option in item.options}
    if item.type == "yes_no":
        worth = {"yes": item.most, "no": item.least}
    if answer.value not in worth:
        known = ", ".join(worth) or f"points from {item.least:g} to {item.most or 0:g}"
        raise WrongUse(f"Item {item.id} was answered with {answer.value!r}; {known} was expected.")
    return Answer(item.id, worth[answer.value], value=answer.value, failed=answer.failed)


def _check_scale(item: Item, answer: Answer) -> None:
    if answer.is_na and not item.may_not_apply:
        raise WrongUse(f'Item {item.id} always applies; "not applicable" came. Answer it.')
    if answer.is_na or answer.points is None or item.most is None:
        return
    if not item.least <= answer.points <= item.most:
        scale = f"{item.least:g} to {item.most:g}"
        raise WrongUse(f"Item {item.id} was given {answer.points:g} points, outside its scale of {scale}.")


def _is_open(item: Item, given: Mapping[str, Answer]) -> bool:
    """Whether a scored item waits for its answer."""
    answer = given.get(item.id)
    return item.is_scored and (answer is None or (answer.points is None and not answer.is_na))


def _judge(form: Form, item: Item, answer: Answer | None) -> _Judged:
    """What became of a scored item; one that is not shown, does not apply or is left blank takes no part."""
    is_blank = answer is None or (answer.points is None and not answer.is_na)
    counts_as_zero = is_blank and form.rules.blank == "zero" and item.shown_by is None
    if (answer is not None and answer.is_na) or (is_blank and not counts_as_zero):
        return _Judged(item, applies=False)
    points = (answer.points if answer else None) or 0.0
    least = item.least if form.rules.from_least else 0.0
    earned = (points - least) / ((item.most or 0.0) - least)
    failed = bool(answer and answer.failed) or points < (item.passing or 0.0)
    return _Judged(item, applies=True, points=points, failed=failed, earned=earned)


def _counts(form: Form, item: Item) -> float:
    """What an item counts within its section."""
    return {"weight": item.weight, "even": 1.0, "points": item.most or 0.0}[form.rules.inside]


def _section_sums(form: Form, judged: Iterable[_Judged]) -> dict[str, _Sums]:
    sums = {section.id: _Sums() for section in form.sections}
    for one in judged:
        section, counts = sums[one.item.section], _counts(form, one.item)
        if one.applies:
            section.earned += counts * one.earned
            section.shares += one.earned
            section.applicable += counts
            section.items += 1
            section.is_zeroed |= _zeroes(form, one, "section")
        elif form.rules.na == "spread":
            section.handed_on += counts
    return sums


def _section_score(form: Form, sums: _Sums, weight: float | None) -> SectionScore:
    total = sums.applicable + sums.handed_on
    if not sums.items or not total:
        return SectionScore(None, None, 0.0)
    raw = (sums.earned + sums.handed_on / sums.items * sums.shares) / total
    counts = {"items": total, "weight": weight or 0.0, "points": (weight or 0.0) * sums.applicable}[form.rules.across]
    return SectionScore(raw, 0.0 if sums.is_zeroed else raw, counts)


def _mean(sections: Mapping[str, SectionScore], which: str) -> float | None:
    """The sections' mean by what they count; null where nothing applied."""
    scored = [(getattr(one, which), one.counts) for one in sections.values() if one.raw is not None]
    total = sum(counts for _, counts in scored)
    return sum(value * counts for value, counts in scored) / total if total else None


def _zeroes(form: Form, one: _Judged, what: str) -> bool:
    """Whether an item makes the form, or its section, nought."""
    is_critical, rule = one.item.critical_class != "none", form.rules.critical
    if rule == "marked":
        return one.failed and one.item.autofail == what
    if rule == "zero_below_half":
        return what == "form" and one.applies and is_critical and one.earned < 0.5
    return rule == f"zero_{what}" and one.failed and is_critical


def _class_is_right(judged: Iterable[_Judged], name: str) -> bool | None:
    ofclass = [one for one in judged if one.applies and one.item.critical_class == name]
    return not any(one.failed for one in ofclass) if ofclass else None


def _is_passed(form: Form, judged: Iterable[_Judged], final: float | None) -> bool | None:
    if final is None:
        return None
    weighty = [one for one in judged if one.item.critical_class != "none" or one.item.autofail != "none"]
    if form.rules.critical == "fail" and any(one.failed for one in weighty):
        return False
    if form.rules.pass_at is None:
        return True if form.rules.critical == "fail" else None
    return 100 * final >= form.rules.pass_at - 1e-9
