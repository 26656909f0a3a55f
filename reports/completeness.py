"""Whether a report's data have arrived: what is missing is said, and a batch waits for it."""

from __future__ import annotations

from datetime import datetime, timedelta

import metrics
from metrics import Asker, Centre, Period, Scope, WrongUse, text
from metrics.language import _
from metrics.reach import coverage

# what a report needs to be whole: subjects with days, and by what people call them sources that follow the clock
NEEDS = {
    "daily": (("contact",), ("phone",)),
    "packet": (("contact",), ("phone", "agent states")),
    "monthly": (("contact", "request"), ("phone", "cases", "agent states")),
    "quality": (("contact",), ("phone",)),
}
# a source may end so long before the period does: closed evenings and weekends bring nothing
SLACK = timedelta(days=3)


def missing(centre: Centre, report: str, during: Period, *, scope: Scope) -> tuple[str, ...]:
    """What of a period is not there yet, as sentences; none where the report can be whole."""
    subjects, abouts = NEEDS[report]
    asker = Asker(centre, scope)
    # a centre without a case system waits for no cases
    kept = [subject for subject in subjects if subject == "contact" or metrics.data_span(centre, subject) is not None]
    found = [one.words for one in (coverage(asker, subject, during) for subject in kept) if not one.is_whole]
    ends = datetime.combine(during.until, datetime.min.time(), centre.timezone)
    reached = text.latest((one.about, one.data_to) for one in metrics.freshness(centre))
    found += [
        _("{source} reach to {moment} only.").format(
            source=text.about_words(about).capitalize(), moment=text.short_moment(data_to)
        )
        for about, data_to in reached
        if about in abouts and data_to < ends - SLACK
    ]
    return tuple(dict.fromkeys(found))


def refuse_incomplete(lacking: tuple[str, ...], during: Period) -> None:
    """Refuse what would be issued too early; raises WrongUse that says what is missing and the way round."""
    if lacking:
        raise WrongUse(
            _(
                "{period} is not complete: {what} Load what is missing, or write what there is, marked as incomplete: "
                "--incomplete"
            ).format(period=text.period(during), what=" ".join(lacking))
        )
