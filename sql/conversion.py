"""Strict conversion of text to typed values: per column one expression for the value and one test that it is right.

Nothing is inferred and nothing is repaired silently: a text that does not fit makes its row go to quarantine with
the conversion's reason code. (`CAST` rounds, drops zones and accepts trailing text, so it is never used on raw text.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

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
# what clocks on earth have been set to since 2000
OFFSETS = (
    "+00:00",
    *(f"{sign}{hours:02}:00" for sign, most in (("-", 12), ("+", 14)) for hours in range(1, most + 1)),
    *("-09:30", "-04:30", "-03:30", "-02:30", "+03:30", "+04:30", "+05:30", "+05:45", "+06:30"),
    *("+08:45", "+09:30", "+10:30", "+11:30", "+12:45", "+13:45"),
)


@dataclass(frozen=True)
class Plain:
    """The quick conversion of a text written in the plainest way: `value` is right wherever `is_proven` holds.

    In the proof, $value stands for the value, which is reckoned but once.
    """

    value: str
    is_proven: str
    quality: str | None = None


@dataclass(frozen=True)
class Conversion:
    """`value` and `is_valid` are expressions over the text; `quality` says how an instant was won.

    `further` are faults beside the main one, `remarks` what was read otherwise than it is written: each a condition
    and its code. `plain` is the quick way, null where there is none.
    """

    value: str
    is_valid: str
    reason: str
    quality: str | None = None
    further: tuple[tuple[str, str], ...] = ()
    remarks: tuple[tuple[str, str], ...] = ()
    plain: Plain | None = None


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def _listed(values: Sequence[str]) -> str:
    return "[" + ", ".join(quoted(value) for value in values) + "]"


def meaning(text: str, nulls: Sequence[str]) -> str:
    """The text without its padding, null where the layout says that it means nothing."""
    trimmed = f"trim({text}, ' \t\u00a0')"
    return f"case when {trimmed} in ({', '.join(quoted(null) for null in nulls)}) then null else {trimmed} end"


# control characters but tab and line ends, blanks of no width, marks that turn the direction of writing
INVISIBLE = (
    r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f\x{80}-\x{9f}\x{200b}\x{200e}\x{200f}\x{2028}-\x{202e}\x{2060}-\x{2069}\x{feff}]"
)


def _is_unpadded(text: str) -> str:
    """Printable ASCII without a blank at either end; what else it may not hold is proven for the whole file."""
    return f"({text} >= '!' and not suffix({text}, ' ') and strlen({text}) = length({text}))"


def _visible(text: str) -> tuple[tuple[str, str], ...]:
    return ((f"regexp_matches({text}, '{INVISIBLE}')", "invisible_character"),)


def _decoded_wrongly(text: str) -> tuple[tuple[str, str], ...]:
    return ((f"regexp_matches({text}, '[\u00c2\u00c3][\u0080-\u00bf]|\u00e2\u20ac')", "decoded_wrongly"),)


def plain_text(text: str, *, longest: int) -> Conversion:
    """Text with its letters composed (NFC), without NUL or invisible characters, not longer than `longest`."""
    fits = f"strlen({text}) <= {longest} and not contains({text}, chr(0))"
    return Conversion(
        f"nfc_normalize({text})",
        fits,
        "text_too_long_or_binary",
        further=_visible(text),
        remarks=_decoded_wrongly(text),
        plain=Plain(text, f"{_is_unpadded(text)} and strlen({text}) <= {longest}"),
    )


def identifier(text: str, *, longest: int) -> Conversion:
    """A key, kept as text; E-notation is refused because it is what spreadsheets leave of a long number."""
    fits = f"strlen({text}) <= {longest} and not contains({text}, chr(0))"
    return Conversion(
        f"nfc_normalize({text})",
        f"{fits} and not regexp_full_match({text}, '[0-9]+([.,][0-9]+)?[eE][+][0-9]+')",
        "damaged_identifier",
        further=_visible(text),
        plain=Plain(text, f"{_is_unpadded(text)} and strlen({text}) <= {longest} and not contains({text}, '+')"),
    )


def whole_number(text: str, *, least: int, most: int, factor: int = 1) -> Conversion:
    """Digits only, within bounds, multiplied by `factor`."""
    number = f"try_cast({text} as bigint)"
    value = f"{number} * {factor}" if factor != 1 else number
    fits = f"regexp_full_match({text}, '-?[0-9]{{1,18}}') and {number} between {least} and {most}"
    return Conversion(
        value,
        fits,
        "not_a_whole_number_in_range",
        plain=Plain(
            value,
            f"regexp_full_match({text}, '-?[0-9]{{1,18}}') and $value between {least * factor} and {most * factor}",
        ),
    )


def decimal_number(text: str, *, least: float, most: float, factor: int = 1) -> Conversion:
    """Digits with a decimal point, within bounds; `factor` > 1 gives whole multiples, as for milliseconds."""
    number = f"try_cast({text} as double)"
    fits = f"regexp_full_match({text}, '-?[0-9]+([.][0-9]+)?') and {number} between {least!r} and {most!r}"
    value = number if factor == 1 else f"round({number} * {factor})::bigint"
    return Conversion(value, fits, "not_a_number_in_range")


def duration(text: str, *, unit: str, most: int, decimals: bool) -> Conversion:
    """A length of time as milliseconds, not negative.

    `unit` is ms, s, min or h for a count, a name of WRITTEN, or since_1970 for a length written as a moment. Where a
    count is declared, `h:mm:ss` can mean but one thing, so it is taken, and remarked on.
    """
    if unit in WRITTEN:
        return _written_duration(text, WRITTEN[unit], most)
    if unit == SINCE_1970:
        moment = f"try_strptime({text}, ['%Y-%m-%d %H:%M:%S', '%Y-%m-%d %H:%M:%S.%f', '%Y-%m-%dT%H:%M:%S'])"
        return Conversion(f"epoch_ms({moment})", f"{moment} >= timestamp '1970-01-01'", "not_a_length_since_1970")
    bare = (
        decimal_number(text, least=0, most=most, factor=MILLISECONDS[unit])
        if decimals
        else whole_number(text, least=0, most=most, factor=MILLISECONDS[unit])
    )
    is_clock = f"regexp_full_match({text}, '[0-9]{{1,4}}:[0-5][0-9]:[0-5][0-9]')"
    clock = _clock(text)
    in_range = f"{clock} <= {most * MILLISECONDS[unit]}"
    return Conversion(
        f"case when {is_clock} then {clock} else {bare.value} end",
        f"case when {is_clock} then {in_range} else {bare.is_valid} end",
        bare.reason,
        remarks=((is_clock, "clock_duration"),),
        plain=bare.plain,
    )


def _clock(text: str) -> str:
    """The milliseconds of H:MM or H:MM:SS; more than that is for a test to refuse."""
    parts = f"string_split({text}, ':')"
    weights = enumerate((3_600_000, 60_000), start=1)
    numbers = (f"try_cast({parts}[{place}] as bigint) * {weight}" for place, weight in weights)
    return "(" + " + ".join(numbers) + f" + coalesce(try_cast({parts}[3] as bigint) * 1000, 0))"


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
    fits = f"regexp_full_match({text}, '[0-9]{{1,2}}:[0-5][0-9](:[0-5][0-9])?')"
    return Conversion(_clock(text), fits, "not_a_clock_time")


def instant(text: str, *, formats: Sequence[str], zone: str, offset: str, latest: str | None) -> Conversion:
    """A moment as UTC.

    `offset` says whether the text carries one: "none" (local time of `zone`), "optional", "required" or "hours"
    (optional, without minutes). A local time that the clock skipped is invalid; one that it showed twice is taken as
    its second passing and marked ambiguous. 24:00:00 is the next midnight.
    """
    if offset == "hours":
        text, offset = f"regexp_replace({text}, '(:[0-9]{{2}}([.][0-9]+)?[+-][0-9]{{2}})$', '\\1:00')", "optional"
    has_offset = f"regexp_matches({text}, '([+-][0-9]{{2}}:?[0-9]{{2}}|Z)$')"
    with_offset = _with_offset(text, formats)
    naive = _naive(text, formats)
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
    bounds = f">= {EARLIEST}" + (f" and {{0}} <= {latest}" if latest else "")
    return Conversion(
        value,
        f"{exists} and {value} {bounds.format(value)}",
        "not_a_time_as_declared",
        quality,
        remarks=((f"contains({text}, '24:00:00')", "end_of_day"),),
        plain=_plain_instant(text, formats=formats, zone=zone, offset=offset, bounds=bounds),
    )


def _naive(text: str, formats: Sequence[str]) -> str:
    """The time as written; the parser knows no 24:00:00, which is the next midnight."""
    listed = _listed(formats)
    next_midnight = f"try_strptime(replace({text}, '24:00:00', '00:00:00'), {listed}) + interval 1 day"
    parsed = f"try_strptime({text}, {listed})"
    return f"case when contains({text}, '24:00:00') then {next_midnight} else {parsed} end"


def _plain_instant(text: str, *, formats: Sequence[str], zone: str, offset: str, bounds: str) -> Plain:
    """Times with an offset that clocks have, or local times that the clock showed once."""
    own = sorted({f"{one[:3]}:{one[3:]}" for one in (moment.strftime("%z") for moment in _moments(zone))})
    # the zone's own first: the engine asks for the next one only where none before was it
    spans = " ".join(f"when {quoted(one)} then {_minutes_to_utc(one)}" for one in dict.fromkeys((*own, *OFFSETS)))
    is_utc = f"suffix({text}, 'Z')"
    to_utc = f"case right({text}, 6) {spans} else case when {is_utc} then 0 end end"
    written = f"try_strptime(left({text}, strlen({text}) - case when {is_utc} then 1 else 6 end), {_listed(formats)})"
    instant_with = f"({written} + to_minutes({to_utc}))"
    naive = f"try_strptime({text}, {_listed(formats)})"
    instant_of_local = f"timezone({quoted(zone)}, {naive}) at time zone 'UTC'"
    passings = (
        f"timezone({quoted(zone)}, ($value{earlier}) at time zone 'UTC')" for earlier in ("", " - interval 1 hour")
    )
    shown, shown_before = passings
    is_usual = f"{shown} = {naive} and {shown_before} <> {naive}"
    has_offset = f"{to_utc} is not null"
    in_range = f"$value {bounds.format('$value')}"
    if offset == "none":
        return Plain(instant_of_local, f"{in_range} and {is_usual}", "'zone_set'")
    if offset == "required":
        return Plain(instant_with, in_range, "'exact'")
    return Plain(
        f"case when {has_offset} then {instant_with} else {instant_of_local} end",
        f"{in_range} and case when {has_offset} then true else {is_usual} end",
        f"case when {has_offset} then 'exact' else 'zone_set' end",
    )


def _minutes_to_utc(offset: str) -> int:
    """The minutes that turn a time with an offset into UTC.

    >>> _minutes_to_utc("-02:30")
    150
    """
    sign = -1 if offset[0] == "+" else 1
    return sign * (int(offset[1:3]) * 60 + int(offset[4:]))


def _moments(zone: str) -> list[datetime]:
    return [datetime(2026, month, 1, tzinfo=ZoneInfo(zone)) for month in (1, 7)]


def _with_offset(text: str, formats: Sequence[str]) -> str:
    """The instant of a text that ends in an offset.

    The offset is taken off and reckoned apart: with %z the engine's parser would take 30 February for 2 March.
    """
    naive = _naive(f"regexp_replace({text}, '([+-][0-9]{{2}}:?[0-9]{{2}}|Z)$', '')", formats)
    hours, minutes = (
        f"coalesce(try_cast(regexp_extract({text}, '([0-9]{{2}}):?([0-9]{{2}})$', {group}) as integer), 0)"
        for group in (1, 2)
    )
    sign = f"case when regexp_matches({text}, '-[0-9]{{2}}:?[0-9]{{2}}$') then 1 else -1 end"
    return (
        f"case when ends_with({text}, 'Z') then {naive} "
        f"else ({naive}) + to_minutes({sign} * ({hours} * 60 + {minutes})) end"
    )


def code(text: str, *, codes: Mapping[str, str], ignore_case: bool) -> Conversion:
    """A word of the declared vocabulary, as our own word; an unknown one is invalid."""
    folded = f"lower({text})" if ignore_case else text
    known = {(vendor.lower() if ignore_case else vendor): ours for vendor, ours in codes.items()}
    entries = ", ".join(f"{quoted(vendor)}: {quoted(ours)}" for vendor, ours in known.items())
    value = f"map {{{entries}}}[{folded}]"
    is_known = f"{folded} in ({', '.join(quoted(word) for word in known)})"
    cases = " ".join(f"when {quoted(vendor)} then {quoted(ours)}" for vendor, ours in known.items())
    quick = f"case {text} {cases} end"
    return Conversion(value, is_known, "unknown_code", plain=Plain(quick, "$value is not null"))


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
