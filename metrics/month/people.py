"""A month's quality and satisfaction, as management reads them: no agent and no evaluator is named."""

from __future__ import annotations

from metrics import text
from metrics.answers import Sentence, listing, missing_words, table
from metrics.availability import unavailable
from metrics.language import N_, _
from metrics.month.access import in_time
from metrics.month.figures import MonthFigures
from metrics.parts import Part, Section
from metrics.quality import parts as parts

SATISFACTION = {
    "satisfaction": "",
    "satisfaction_top": "",
    "average_rating": "",
    "net_promoter_score": "",
    "survey_resolution": "",
    "survey_response_rate": "",
}
BY_CHANNEL = {
    "satisfaction": N_("Satisfied"),
    "average_rating": N_("Mean rating"),
    "survey_response_rate": N_("Response rate"),
}
# below this share of answers those who answer may be others than those who do not
FEW_ANSWERS = 0.20


def quality(month: MonthFigures) -> list[Section]:
    """Two pages on quality."""
    if absent := unavailable(month.asker.centre, ["evaluations_done", "quality_score"]):
        return [Section(_("Quality"), tuple(missing_words(month.asker, absent)))]
    now = month.ask({**parts.SCORES, **parts.COVERAGE, **parts.DISPUTES, **parts.ACCURACY})
    months = month.ask(parts.SCORES, "month", month.year)
    scored = (*parts.whole(now), *parts.critical(now), *parts.course(months, month.months))
    return [
        Section(_("Quality"), (*scored, *parts.coverage(now, now), parts.disputes(now)), begins_page=True),
        Section(_("Quality by item"), (parts.items(now), parts.needs(now))),
    ]


def satisfaction(month: MonthFigures) -> list[Section]:
    """What residents said, and how many of those asked."""
    now = month.ask(SATISFACTION)
    absent = {name: now.figure(name).reason for name in SATISFACTION}
    if all(absent.values()):
        return [Section(_("Satisfaction"), tuple(missing_words(month.asker, absent)))]
    told: list[Part] = []
    value, rate = now.claim("satisfaction"), now.claim("survey_response_rate")
    if value.figure.value is not None:
        told.append(
            Sentence.of(
                _(
                    "{value.words} of those who answered were satisfied (n {value.n}); {rate.words} of those asked "
                    "answered."
                ),
                value=value,
                rate=rate,
            )
        )
    if rate.figure.value is not None and rate.figure.value < FEW_ANSWERS:
        told.append(
            _("Few of those asked answered: the others may think otherwise, and no comparison should rest on it.")
        )
    by_channel = month.ask(BY_CHANNEL, "channel")
    return [
        Section(
            _("Satisfaction"),
            (
                *told,
                listing(_("What residents said"), in_time(month, SATISFACTION), SATISFACTION),
                table(
                    _("By channel"),
                    by_channel.columns(BY_CHANNEL),
                    heading=_("Channel"),
                    total=text.heading(text.period(month.month)),
                ),
            ),
        )
    ]
