"""A verdict as the sentences that people read: the same on a page, in a packet and on the command line."""

from __future__ import annotations

from functools import reduce

from metrics import text
from metrics.compare.decision import Outcome
from metrics.compare.judgement import Verdict
from metrics.compare.rules import Rule
from metrics.language import N_, _, n_
from metrics.period import Period

LOOK_FIRST = N_("Chance and case mix were checked; a person must look before anything is decided.")
WELL_DONE = N_("Chance and case mix were checked; it is worth finding out what they do, and saying so.")
OF_WORDS = {
    Outcome.better: N_("better than expected"),
    Outcome.worse: N_("look into it"),
    Outcome.cleared: N_("no sign of a problem"),
    Outcome.inconclusive: N_("cannot be told yet"),
    Outcome.too_few: N_("too few to tell"),
    Outcome.refused: N_("cannot be compared"),
}

# what may be adjusted for besides the dimensions of the facts, in words
ADJUSTED_FOR = (N_("hour"), N_("hour band"), N_("weekday"), N_("day"), N_("week"), N_("month"), N_("evaluator"))
# by whether it is a duration, and whether there is more of it
FARTHER = {
    (True, True): N_(
        "{title} is about {size} longer than other agents had on the same kinds of contacts (likely {low} to {high} %)."
    ),
    (True, False): N_(
        "{title} is about {size} shorter than other agents had on the same kinds of contacts "
        "(likely {low} to {high} %)."
    ),
    (False, True): N_(
        "{title} is about {size} higher than other agents had on the same kinds of contacts "
        "(likely {low} to {high} points)."
    ),
    (False, False): N_(
        "{title} is about {size} lower than other agents had on the same kinds of contacts "
        "(likely {low} to {high} points)."
    ),
}


def sentence(rule: Rule, verdict: Verdict, during: Period) -> str:
    """What a supervisor reads of a verdict; whole numbers, no rank, and what would make it certain."""
    counted = text.number_of(verdict.n, rule.counted)
    if verdict.verdict in (Outcome.better, Outcome.worse):
        closing = WELL_DONE if verdict.verdict is Outcome.better else LOOK_FIRST
        return f"{_difference(rule, verdict)} {counted}, {text.period(during)}. {_(closing)}"
    if verdict.verdict is Outcome.cleared:
        return _("No sign of a problem: a difference of {size} is ruled out. {counted}, {period}.").format(
            size=act_on(rule), counted=counted, period=text.period(during)
        )
    if verdict.verdict is Outcome.inconclusive:
        ends = _ends(rule, verdict)
        first = f"{verdict.reason} " if verdict.reason else ""
        more = text.count(verdict.more_needed)
        told = _("{counted} cannot tell {low} from {high}. About {more} more would.")
        return first + told.format(counted=counted, low=ends[0], high=ends[1], more=more)
    if verdict.verdict is Outcome.too_few:
        return _("Too few to tell: {counted}, and at least {fewest} are needed.").format(
            counted=counted, fewest=rule.minimum
        )
    return _("Cannot be compared. {reason}").format(reason=verdict.reason)


def verdict_word(verdict: Verdict) -> str:
    """A verdict in two or three words, for a table."""
    return _(OF_WORDS[verdict.verdict])


def act_on(rule: Rule) -> str:
    """The difference that one would act on: "20 %", "10 points"."""
    return (
        _("{number} points").format(number=f"{rule.act_on:g}") if rule.scale == "points" else _size(rule, rule.act_on)
    )


def difference(rule: Rule, verdict: Verdict) -> str:
    """A difference with its interval, for a table: "+19 % (+14 to +24)"."""
    if verdict.difference is None or verdict.low is None or verdict.high is None:
        return _(text.NO_DATA)
    scale = 1 if rule.scale == "points" else 100
    middle, low, high = (signed(number * scale) for number in (verdict.difference, verdict.low, verdict.high))
    told = _("{middle} % ({low} to {high})") if rule.scale == "log" else _("{middle} points ({low} to {high})")
    return told.format(middle=middle, low=low, high=high)


def likely(rule: Rule, verdict: Verdict) -> str:
    """Between which values the person's own lies, on the same contacts as expected is of: "5:58 to 6:41"."""
    if verdict.expected is None or verdict.low is None or verdict.high is None:
        return _(text.NO_DATA)
    low, high = _ends(rule, verdict)
    return _("{first} to {last}").format(first=low, last=high)


def value(rule: Rule, number: float | None) -> str:
    """A value of the compared metric: "4:05", "82 %", "84"."""
    if number is None:
        return _(text.NO_DATA)
    if rule.scale == "log":
        return text.duration(number)
    return f"{number * 100:.0f} %" if rule.scale == "share" else f"{number:.0f}"


def adjusted_for(rule: Rule) -> str:
    """What was adjusted for, in words: "request type by channel, hour, site"."""
    return text.listed([_crossed(term) for term in rule.adjusters])


def _crossed(term: str) -> str:
    words = [text.plain_words(part) for part in term.split(" * ")]
    return reduce(lambda one, other: _("{one} by {other}").format(one=one, other=other), words)


def _difference(rule: Rule, verdict: Verdict) -> str:
    size, low, high = (number or 0.0 for number in (verdict.difference, verdict.low, verdict.high))
    more = size > 0
    ends = sorted((abs(low), abs(high)))
    scale = 1 if rule.scale == "points" else 100
    pattern = _(FARTHER[rule.scale == "log", more])
    return pattern.format(
        title=rule.title,
        size=_size(rule, abs(size)),
        low=f"{ends[0] * scale:.0f}",
        high=f"{ends[1] * scale:.0f}",
    )


def _size(rule: Rule, size: float) -> str:
    if rule.scale == "log":
        return f"{size * 100:.0f} %"
    points = f"{size * (100 if rule.scale == 'share' else 1):.0f}"
    return n_("{n} point", "{n} points", int(points)).format(n=points)


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
