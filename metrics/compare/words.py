"""A verdict as the sentences that people read: the same on a page, in a packet and on the command line."""

from __future__ import annotations

from metrics import text
from metrics.compare.decision import Outcome
from metrics.compare.judgement import Verdict
from metrics.compare.rules import Rule
from metrics.period import Period

LOOK_FIRST = "Chance and case mix were checked; a person must look before anything is decided."
WELL_DONE = "Chance and case mix were checked; it is worth finding out what they do, and saying so."
OF_WORDS = {
    Outcome.better: "better than expected",
    Outcome.worse: "look into it",
    Outcome.cleared: "no sign of a problem",
    Outcome.inconclusive: "cannot be told yet",
    Outcome.too_few: "too few to tell",
    Outcome.refused: "cannot be compared",
}


def sentence(rule: Rule, verdict: Verdict, during: Period) -> str:
    """What a supervisor reads of a verdict; whole numbers, no rank, and what would make it certain."""
    counted = text.number_of(verdict.n, rule.counted)
    if verdict.verdict in (Outcome.better, Outcome.worse):
        closing = WELL_DONE if verdict.verdict is Outcome.better else LOOK_FIRST
        return f"{_difference(rule, verdict)} {counted}, {text.period(during)}. {closing}"
    if verdict.verdict is Outcome.cleared:
        return f"No sign of a problem: a difference of {act_on(rule)} is ruled out. {counted}, {text.period(during)}."
    if verdict.verdict is Outcome.inconclusive:
        ends = _ends(rule, verdict)
        first = f"{verdict.reason} " if verdict.reason else ""
        more = text.count(verdict.more_needed)
        return f"{first}{counted} cannot tell {ends[0]} from {ends[1]}. About {more} more would."
    if verdict.verdict is Outcome.too_few:
        return f"Too few to tell: {counted}, and at least {rule.minimum} are needed."
    return f"Cannot be compared. {verdict.reason}"


def verdict_word(verdict: Verdict) -> str:
    """A verdict in two or three words, for a table."""
    return OF_WORDS[verdict.verdict]


def act_on(rule: Rule) -> str:
    """The difference that one would act on: "20 %", "10 points"."""
    return f"{rule.act_on:g} points" if rule.scale == "points" else _size(rule, rule.act_on)


def difference(rule: Rule, verdict: Verdict) -> str:
    """A difference with its interval, for a table: "+19 % (+14 to +24)"."""
    if verdict.difference is None or verdict.low is None or verdict.high is None:
        return text.NO_DATA
    scale = 1 if rule.scale == "points" else 100
    middle, low, high = (signed(number * scale) for number in (verdict.difference, verdict.low, verdict.high))
    return f"{middle} {'%' if rule.scale == 'log' else 'points'} ({low} to {high})"


def likely(rule: Rule, verdict: Verdict) -> str:
    """Between which values the person's own lies, on the same contacts as expected is of: "5:58 to 6:41"."""
    if verdict.expected is None or verdict.low is None or verdict.high is None:
        return text.NO_DATA
    return " to ".join(_ends(rule, verdict))


def value(rule: Rule, number: float | None) -> str:
    """A value of the compared metric: "4:05", "82 %", "84"."""
    if number is None:
        return text.NO_DATA
    if rule.scale == "log":
        return text.duration(number)
    return f"{number * 100:.0f} %" if rule.scale == "share" else f"{number:.0f}"


def adjusted_for(rule: Rule) -> str:
    """What was adjusted for, in words: "request type by channel, hour, site"."""
    return text.listed([term.replace("_", " ").replace(" * ", " by ") for term in rule.adjusters])


def _difference(rule: Rule, verdict: Verdict) -> str:
    size, low, high = (number or 0.0 for number in (verdict.difference, verdict.low, verdict.high))
    more = size > 0
    word = ("longer" if more else "shorter") if rule.scale == "log" else ("higher" if more else "lower")
    ends = sorted((abs(low), abs(high)))
    unit = "%" if rule.scale == "log" else "points"
    scale = 1 if rule.scale == "points" else 100
    return (
        f"{rule.title} is about {_size(rule, abs(size))} {word} than other agents had on the same kinds of contacts "
        f"(likely {ends[0] * scale:.0f} to {ends[1] * scale:.0f} {unit})."
    )


def _size(rule: Rule, size: float) -> str:
    if rule.scale == "log":
        return f"{size * 100:.0f} %"
    points = f"{size * (100 if rule.scale == 'share' else 1):.0f}"
    return f"{points} {'point' if points == '1' else 'points'}"


def _ends(rule: Rule, verdict: Verdict) -> tuple[str, str]:
    """The ends of what the agent's value may truly be."""
    expected, low, high = (number or 0.0 for number in (verdict.expected, verdict.low, verdict.high))
    if rule.scale == "log":
        return value(rule, expected * (1 + low)), value(rule, expected * (1 + high))
    most = 1.0 if rule.scale == "share" else 100.0
    return value(rule, min(max(expected + low, 0.0), most)), value(rule, min(max(expected + high, 0.0), most))


def signed(number: float) -> str:
    """A whole number with its sign."""
    whole = round(number)
    return f"{'+' if whole > 0 else text.MINUS if whole < 0 else ''}{abs(whole)}"
