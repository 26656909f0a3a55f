"""What the values of a column say of its type: every candidate that fits all of them, and how many fit only it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import median

DATES = (
    *("%Y-%m-%d", "%m/%d/%Y", "%d/%m/%Y", "%Y/%m/%d", "%d-%m-%Y", "%m-%d-%Y", "%d.%m.%Y", "%m/%d/%y", "%d/%m/%y"),
    *("%Y%m%d", "%d-%b-%Y", "%d %b %Y", "%b %d, %Y"),
)
# six digits are a date only where the column's name says so
SHORT_DATES = ("%y%m%d", "%d%m%y", "%m%d%y")
CLOCKS = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%H:%M:%S.%f")
MOMENTS = tuple(f"{day}{gap}{clock}" for day in DATES for clock in CLOCKS for gap in (" ", "T")) + tuple(
    f"{day}, {clock}" for day in DATES for clock in CLOCKS
)
OFFSET = re.compile(r"(?:[+-][0-9]{2}:?[0-9]{2}|Z)$")
SPAN = re.compile(r"[0-9]{1,4}:[0-5][0-9]:[0-5][0-9]")
WHOLE = re.compile(r"-?[0-9]{1,15}")
DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+")
PHONE = re.compile(r"\+?[0-9(][0-9 ().-]{8,}[0-9]")
NULLS = ("", "NULL", "null", "N/A", "n/a", "-", "\\N", "[None]", "None")
MOST_CODES = 25


@dataclass(frozen=True)
class Evidence:
    """A column's likely type; `formats` with several entries, or no unit, is for a person to settle."""

    type: str
    says: str
    formats: tuple[str, ...] = ()
    has_offset: bool = False
    codes: tuple[str, ...] = ()
    nulls: tuple[str, ...] = ("",)
    is_unique: bool = False
    # how its values read as a time of day, where they do
    clocks: tuple[str, ...] = ()
    # the words that stand in many rows
    often: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the column has no values."""
        return self.says.endswith("are empty")


def evidence(values: Sequence[str], *, is_named_date: bool = False) -> Evidence:
    """What a column's values say; a column that is named a date may hold one in six digits."""
    texts = [value.strip() for value in values]
    nulls = ("", *sorted({text for text in texts if text in NULLS} - {""}))
    filled = [text for text in texts if text not in NULLS]
    if not filled:
        return Evidence("text", f"all {len(texts):,} values are empty", nulls=nulls)
    found = _of_moments(filled, nulls, is_named_date) or _of_numbers(filled, nulls) or _of_texts(filled, nulls)
    return replace(found, often=_often(filled))


def _often(filled: Sequence[str]) -> tuple[str, ...]:
    """The words that stand in at least one row of fifty."""
    return tuple(word for word, count in Counter(filled).most_common(5) if count * 50 >= len(filled) and count > 1)


def _of_moments(filled: Sequence[str], nulls: tuple[str, ...], is_named_date: bool) -> Evidence | None:
    distinct = list(dict.fromkeys(filled))[:20_000]
    has_offset = all(OFFSET.search(text) for text in distinct) and any(":" in text[:-6] for text in distinct)
    bare = [OFFSET.sub("", text) for text in distinct] if has_offset else distinct
    dates = (*DATES, *SHORT_DATES) if is_named_date else DATES
    for kind, formats in (("timestamp", MOMENTS), ("date", dates), ("clock", CLOCKS)):
        likely = [one for one in formats if _parses(bare[0], one) or _parses(bare[-1], one)]
        fitting = {one: [_parses(text, one) for text in bare] for one in likely}
        whole = [one for one, fits in fitting.items() if all(fits)]
        if whole and kind == "clock":
            spans = "clock_duration" if all(SPAN.fullmatch(text) for text in filled) else "clock"
            says = f"all {len(filled):,} values read as {'h:mm:ss' if spans == 'clock_duration' else 'a time of day'}"
            return Evidence(spans, says, nulls=nulls, clocks=tuple(whole))
        if whole:
            return Evidence(kind, _told(whole, fitting, len(filled)), tuple(whole), has_offset, nulls=nulls)
    return None


def _told(whole: list[str], fitting: dict[str, list[bool]], count: int) -> str:
    told = []
    for one in whole:
        others = [fits for other, fits in fitting.items() if other != one]
        alone = sum(not any(fits[place] for fits in others) for place in range(len(fitting[one])))
        number = {0: "no value", 1: "1 value"}.get(alone, f"{alone:,} different values")
        only = f", {number} only so" if others else ""
        told.append(f"all {count:,} values parse as {one}{only}")
    return "; ".join(told)


def _parses(text: str, layout: str) -> bool:
    try:
        moment = datetime.strptime(text, layout)  # noqa: DTZ007
    except ValueError:
        return False
    # a time of day alone has the year 1900
    return "%d" not in layout or 1980 <= moment.year <= 2100


def _of_numbers(filled: Sequence[str], nulls: tuple[str, ...]) -> Evidence | None:
    count = len(filled)
    if all(SPAN.fullmatch(text) for text in filled):
        return Evidence("clock_duration", f"all {count:,} values read as h:mm:ss", nulls=nulls)
    if all(WHOLE.fullmatch(text) for text in filled):
        if min(map(len, filled)) >= 10 and len(set(filled)) > 1:
            return _of_texts(filled, nulls)
        distinct = sorted(set(filled))
        numbers = [int(text) for text in filled]
        says = f"all {count:,} values are whole numbers, {min(numbers):,} to {max(numbers):,}, half of them up to "
        says += f"{median(numbers):,.0f}"
        return Evidence("whole", says, nulls=nulls, is_unique=len(distinct) == count > 1, codes=_few(distinct, count))
    if all(DECIMAL.fullmatch(text) or WHOLE.fullmatch(text) for text in filled):
        return Evidence("decimal", f"all {count:,} values are numbers with a decimal point", nulls=nulls)
    return None


def _of_texts(filled: Sequence[str], nulls: tuple[str, ...]) -> Evidence:
    count, distinct = len(filled), sorted(set(filled))
    is_unique = len(distinct) == count and count > 1
    if all(PHONE.fullmatch(text) for text in filled) and not (is_unique and all(text.isdigit() for text in filled)):
        return Evidence("phone", f"all {count:,} values look like telephone numbers", nulls=nulls)
    if len(distinct) == count and count > 1 and max(map(len, distinct)) <= 64:
        return Evidence("id", f"all {count:,} values differ", nulls=nulls, is_unique=True)
    if sum(map(len, filled)) / count > 60:
        return Evidence("free_text", f"{sum(map(len, filled)) / count:.0f} letters on average", nulls=nulls)
    if len(distinct) <= MOST_CODES and count > len(distinct):
        return Evidence(
            "text", f"{len(distinct)} different words in {count:,} values", codes=tuple(distinct), nulls=nulls
        )
    return Evidence("text", f"{len(distinct):,} different texts in {count:,} values", nulls=nulls)


def _few(distinct: Sequence[str], count: int) -> tuple[str, ...]:
    return tuple(distinct) if len(distinct) <= MOST_CODES and count > len(distinct) else ()
