"""Fair comparison: what the same contacts would give anyone, how sure that is, and what may be said of a person.

Flags about people come from here and reach every page and paper only through here.
"""

from metrics.compare.comparison import (
    Comparison,
    as_json,
    compare,
    compare_all,
    drawn_sample,
    groups_of,
    keep,
    verdict_frame,
)
from metrics.compare.decision import Outcome
from metrics.compare.judgement import Verdict
from metrics.compare.pictures import funnel_of
from metrics.compare.rules import Rule, comparisons
from metrics.compare.weeks import Weeks, all_adjusted_weeks, weeks_of
from metrics.compare.words import adjusted_for, sentence, verdict_word

__all__ = [
    "Comparison",
    "Outcome",
    "Rule",
    "Verdict",
    "Weeks",
    "adjusted_for",
    "all_adjusted_weeks",
    "as_json",
    "compare",
    "compare_all",
    "comparisons",
    "drawn_sample",
    "funnel_of",
    "groups_of",
    "keep",
    "sentence",
    "verdict_frame",
    "verdict_word",
    "weeks_of",
]
