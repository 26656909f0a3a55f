"""Strict conversion of text to typed values: per column one expression for the value and one test that it is right.

Nothing is inferred and nothing is repaired silently: a text that does not fit makes its row go to quarantine with
the conversion's reason code. (`CAST` rounds, drops zones and accepts trailing text, so it is never used on raw text.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SINCE_1970 = "since_1970"
MILLISECONDS = {"ms": 1, "s": 1_000, "min": 60_000, "h": 3_600_000, SINCE_1970: 1}
WRITTEN = {
    # 26:14:03, :14:03, 4:03, :03 and 1 02:14:03
    "hms": "(?:([0-9]+) )?(?:([0-9]*):)?([0-9]{0,2}):([0-5][0-9])([.][0-9]+)?",
    # the same, and 243 for 4:03
    "s_or_hms": "()(?:(?:([0-9]*):)?([0-9]{0,2}):)?([0-9]+)([.][0-9]+)?",
    "iso8601": "P(?:([0-9]+)D)?(?:T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)([.][0-9]+)?S)?)?",
}
EARLIEST = "timestamp '1980-01-01'"


@dataclass(frozen=True)
class Conversion:
    """`value` and `is_valid` are expressions over the text; `quality` says how an instant was won."""

    value: str
    is_valid: str
    reason: str
    quality: str | None = None


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def _listed(values: Sequence[str]) -> str:
    return "[" + ", ".join(quoted(value) for value in values) + "]"


def meaning(text: str, nulls: Sequence[str]) -> str:
    """The text without its padding, null where the layout says that it means nothing."""
    trimmed = f"trim({text}, ' \t\u00a0')"
    return f"case when {trimmed} in ({', '.join(quoted(null) for null in nulls)}) then null else {trimmed} end"


def plain_text(text: str, *, longest: int) -> Conversion:
    """Text as it is, without NUL characters and not longer than `longest`."""
    fits = f"strlen({text}) <= {longest} and not contains({text}, chr(0))"
    return Conversion(text, fits, "text_too_long_or_binary")


def identifier(text: str, *, longest: int) -> Conversion:
    """A key, kept as text; E-notation is refused because it is what spreadsheets leave of a long number."""
    fits = f"strlen({text}) <= {longest} and not regexp_full_match({text}, '[0-9]+([.,][0-9]+)?[eE][+][0-9]+')"
    return Conversion(text, fits, "damaged_identifier")


def whole_number(text: str, *, least: int, most: int, factor: int = 1) -> Conversion:
    """Digits only, within bounds, multiplied by `factor`."""
    number = f"try_cast({text} as bigint)"
    fits = f"regexp_full_match({text}, '-?[0-9]{{1,18}}') and {number} between {least} and {most}"
    return Conversion(f"{number} * {factor}" if factor != 1 else number, fits, "not_a_whole_number_in_range")


def decimal_number(text: str, *, least: float, most: float, factor: int = 1) -> Conversion:
    """Digits with a decimal point, within bounds; `factor` > 1 gives whole multiples, as for milliseconds."""
    number = f"try_cast({text} as double)"
    fits = f"regexp_full_match({text}, '-?[0-9]+([.][0-9]+)?') and {number} between {least!r} and {most!r}"
    value = number if factor == 1 else f"round({number} * {factor})::bigint"
    return Conversion(value, fits, "not_a_number_in_range")


def duration(text: str, *, unit: str, most: int, decimals: bool) -> Conversion:
    """A length of time as milliseconds, not negative.

    `unit` is ms, s, min or h for a count, a name of WRITTEN, or since_1970 for a length written as a moment.
    """
    if unit in WRITTEN:
        return _written_duration(text, WRITTEN[unit], most)
    if unit == SINCE_1970:
        moment = f"try_strptime({text}, ['%Y-%m-%d %H:%M:%S', '%Y-%m-%d %H:%M:%S.%f', '%Y-%m-%dT%H:%M:%S'])"
        return Conversion(f"epoch_ms({moment})", f"{moment} >= timestamp '1970-01-01'", "not_a_length_since_1970")
    if decimals:
        return decimal_number(text, least=0, most=most, factor=MILLISECONDS[unit])
    return whole_number(text, least=0, most=most, factor=MILLISECONDS[unit])


def _written_duration(text: str, form: str, most: int) -> Conversion:
    """Days, hours, minutes, seconds and a fraction as one pattern's groups; hours may pass 24, parts may be missing."""
    parts = [f"regexp_extract({text}, {quoted(form)}, {group})" for group in range(1, 6)]
    weights = (86_400_000, 3_600_000, 60_000, 1_000)
    whole = " + ".join(
        f"coalesce(try_cast({part} as bigint), 0) * {weight}" for part, weight in zip(parts, weights, strict=False)
    )
    fraction = f"round(coalesce(try_cast({parts[4]} as double), 0) * 1000)::bigint"
    value = f"case when {text} is not null then {whole} + {fraction} end"
    fits = f"regexp_full_match({text}, {quoted(form)}) and {value} <= {most * 1000}"
    return Conversion(value, fits, "not_a_duration_as_declared")


def epoch(text: str, *, unit: str, latest: str | None) -> Conversion:
    """A moment as the seconds or milliseconds since 1970 in UTC, with or without decimals."""
    # a double holds today's microseconds exactly, and is a hundred times faster here than a decimal
    value = f"make_timestamp(round(try_cast({text} as double) * {MILLISECONDS[unit] * 1000})::bigint)"
    in_range = f"{value} >= {EARLIEST}" + (f" and {value} <= {latest}" if latest else "")
    return Conversion(
        value, f"regexp_full_match({text}, '[0-9]{{9,14}}([.][0-9]+)?') and {in_range}", "not_an_epoch_time", "'exact'"
    )


def calendar_date(text: str, *, formats: Sequence[str]) -> Conversion:
    """A date in one of the declared formats."""
    value = f"try_strptime({text}, {_listed(formats)})::date"
    return Conversion(value, f"{value} >= date '1900-01-01'", "not_a_date_as_declared")


def clock_time(text: str) -> Conversion:
    """A time of day `H:MM` or `H:MM:SS` as milliseconds since midnight."""
    parts = f"string_split({text}, ':')"
    value = (
        "("
        + " + ".join(
            f"coalesce(try_cast({parts}[{position}] as bigint), 0) * {weight}"
            for position, weight in ((1, 3_600_000), (2, 60_000), (3, 1_000))
        )
        + ")"
    )
    return Conversion(value, f"regexp_full_match({text}, '[0-9]{{1,2}}:[0-5][0-9](:[0-5][0-9])?')", "not_a_clock_time")


def instant(text: str, *, formats: Sequence[str], zone: str, offset: str, latest: str | None) -> Conversion:
    """A moment as UTC.

    `offset` says whether the text carries one: "none" (local time of `zone`), "optional", "required" or "hours"
    (optional, without minutes). A local time that the clock skipped is invalid; one that it showed twice is taken as
    its second passing and marked ambiguous.
    """
    if offset == "hours":
        text, offset = f"regexp_replace({text}, '(:[0-9]{{2}}([.][0-9]+)?[+-][0-9]{{2}})$', '\\1:00')", "optional"
    has_offset = f"regexp_matches({text}, '([+-][0-9]{{2}}:?[0-9]{{2}}|Z)$')"
    with_offset = _with_offset(text, formats)
    naive = f"try_strptime({text}, {_listed(formats)})"
    local = f"timezone({quoted(zone)}, {naive})"
    shown_twice = f"timezone({quoted(zone)}, {local} - interval 1 hour) = {naive}"
    naive_quality = f"case when {shown_twice} then 'ambiguous' else 'zone_set' end"
    if offset == "none":
        value, quality = f"({local} at time zone 'UTC')", naive_quality
        exists = f"timezone({quoted(zone)}, {local}) = {naive}"
    elif offset == "required":
        value, quality, exists = with_offset, "'exact'", has_offset
    else:
        value = f"case when {has_offset} then {with_offset} else {local} at time zone 'UTC' end"
        quality = f"case when {has_offset} then 'exact' else {naive_quality} end"
        exists = f"({has_offset} or timezone({quoted(zone)}, {local}) = {naive})"
    in_range = f"{value} >= {EARLIEST}" + (f" and {value} <= {latest}" if latest else "")
    return Conversion(value, f"{exists} and {in_range}", "not_a_time_as_declared", quality)


def _with_offset(text: str, formats: Sequence[str]) -> str:
    """The instant of a text that ends in an offset.

    The offset is taken off and reckoned apart: with %z the engine's parser would take 30 February for 2 March.
    """
    naive = f"try_strptime(regexp_replace({text}, '([+-][0-9]{{2}}:?[0-9]{{2}}|Z)$', ''), {_listed(formats)})"
    hours, minutes = (
        f"coalesce(try_cast(regexp_extract({text}, '([0-9]{{2}}):?([0-9]{{2}})$', {group}) as integer), 0)"
        for group in (1, 2)
    )
    sign = f"case when regexp_matches({text}, '-[0-9]{{2}}:?[0-9]{{2}}$') then 1 else -1 end"
    return (
        f"case when ends_with({text}, 'Z') then {naive} "
        f"else {naive} + to_minutes({sign} * ({hours} * 60 + {minutes})) end"
    )


def code(text: str, *, codes: Mapping[str, str], ignore_case: bool) -> Conversion:
    """A word of the declared vocabulary, as our own word; an unknown one is invalid."""
    folded = f"lower({text})" if ignore_case else text
    known = {(vendor.lower() if ignore_case else vendor): ours for vendor, ours in codes.items()}
    entries = ", ".join(f"{quoted(vendor)}: {quoted(ours)}" for vendor, ours in known.items())
    value = f"map {{{entries}}}[{folded}]"
    return Conversion(value, f"{folded} in ({', '.join(quoted(word) for word in known)})", "unknown_code")


def flag(text: str, *, true: Sequence[str], false: Sequence[str]) -> Conversion:
    """Yes or no in the words of the layout."""
    truths = ", ".join(quoted(word.lower()) for word in true)
    known = ", ".join(quoted(word.lower()) for word in [*true, *false])
    return Conversion(f"lower({text}) in ({truths})", f"lower({text}) in ({known})", "neither_yes_nor_no")


def phone(text: str) -> Conversion:
    """A caller's number as a keyed hash of its digits; the number itself is not kept."""
    return Conversion(f"caller_key({text})", f"strlen({text}) <= 200", "text_too_long_or_binary")


def free_text(text: str, *, longest: int) -> Conversion:
    """What people wrote, with numbers and addresses of persons taken out before it is stored."""
    fits = f"strlen({text}) <= {longest} and not contains({text}, chr(0))"
    return Conversion(f"redacted({text})", fits, "text_too_long_or_binary")
