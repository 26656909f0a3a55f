"""The month in sentences; every number in them is a claim that can be asked again."""

from __future__ import annotations

from metrics import Key, difference, text
from metrics.answers import Claim, Sentence
from metrics.language import _, n_
from metrics.month.access import WHOLE
from metrics.month.demand import RECEIVED
from metrics.month.figures import CARDS, FEWEST, MonthFigures
from metrics.month.requests import BACKLOG, FLOW

HOURS = ("contacts_offered", "service_level")


def summary(month: MonthFigures) -> tuple[str, ...]:
    """What management should know, demand first."""
    received = month.ask(CARDS).figure(RECEIVED)
    if received.value is None and month.ask(FLOW).figure("requests_created").value is None:
        return (
            _("No contacts and no service requests are on record for {period}.").format(
                period=text.period(month.month)
            ),
        )
    told = (
        _demand(month), _access(month), _waits(month), _hours(month), _handling(month), _requests(month),
        _backlog(month), _quality(month), _emergency(month), _days(month),
    )  # fmt: skip
    return tuple(sentence for sentence in told if sentence)


def _changed(month: MonthFigures, claim: Claim) -> str:
    """The change against the month before, where there is one."""
    moved = difference(claim.figure, month.before_of(claim.figure.metric.name))
    if moved is None:
        return ""
    return _("; {change} against {period}").format(
        change=text.change(claim.figure.metric, moved), period=text.period(month.before)
    )


def _judged(month: MonthFigures, claim: Claim) -> str:
    figure = claim.figure
    target = month.asker.target(figure.metric.name, month.month.last)
    return text.against_target(figure.metric, figure.value, target)


def _demand(month: MonthFigures) -> str:
    received = month.ask(CARDS).claim(RECEIVED)
    if received.figure.value is None:
        return _("No contacts are on record for this month.")
    changed = _changed(month, received)
    return Sentence.of(
        _("{came} came in{changed}."), received, came=text.number_of(received.figure.n, "contact"), changed=changed
    )


def _access(month: MonthFigures) -> str:
    whole = month.ask(WHOLE)
    offered, level = whole.claim("contacts_offered"), whole.claim("service_level")
    if offered.figure.value is None:
        return ""
    return Sentence.of(
        _(
            "{answered.words} of {offered.words} live contacts were answered and {abandon.words} gave up "
            "({abandon.basis}); service level was {level.words} ({level.basis}); {judged}{changed}."
        ),
        answered=whole.claim("contacts_answered"),
        offered=offered,
        abandon=whole.claim("abandon_rate"),
        level=level,
        judged=_judged(month, level),
        changed=_changed(month, level),
    )


def _waits(month: MonthFigures) -> str:
    whole = month.ask(WHOLE)
    answer, half, tenth = (whole.claim(name) for name in ("average_speed_of_answer", "wait_p50", "wait_p90"))
    if answer.figure.value is None or half.figure.value is None or tenth.figure.value is None:
        return ""
    return Sentence.of(
        _(
            "Half of all callers waited {half.words} or less and one in ten {tenth.words} or more; those who "
            "were answered waited {answer.words} on average."
        ),
        half=half,
        tenth=tenth,
        answer=answer,
    )


def _hours(month: MonthFigures) -> str:
    hours = month.ask(HOURS, "hour", where={"day_type": ["weekday"]})
    known = [key for key in hours.keys if key[0] is not None and hours.figure("contacts_offered", *key).n]
    judged = [key for key in known if hours.figure("service_level", *key).n >= FEWEST]
    if not judged:
        return ""

    def level(key: Key) -> tuple[float, str]:
        return hours.figure("service_level", *key).value or 0.0, str(key[0])

    busiest = max(known, key=lambda key: hours.figure("contacts_offered", *key).n)
    worst = min(judged, key=level)
    return Sentence.of(
        _(
            "On weekdays most contacts came from {when} ({most.words}); service level was lowest from {then} "
            "({low.words} of {low.n})."
        ),
        when=_hour(busiest),
        most=hours.claim("contacts_offered", *busiest),
        then=_hour(worst),
        low=hours.claim("service_level", *worst),
    )


def _hour(key: Key) -> str:
    start = int(str(key[0]))
    first, last = (text.dimension_value("hour", hour) for hour in (start, start + 1))
    return _("{first} to {last}").format(first=first, last=last)


def _handling(month: MonthFigures) -> str:
    handled = month.ask(CARDS).claim("average_handle_time")
    if handled.figure.value is None:
        return ""
    return Sentence.of(
        _("A contact took {time.words} of an agent's time on average (n {time.n}){changed}."),
        time=handled,
        changed=_changed(month, handled),
    )


def _requests(month: MonthFigures) -> str:
    flow = month.ask(FLOW)
    on_time = month.ask(CARDS).claim("on_time_closure_rate")
    if flow.figure("requests_created").value is None:
        return _("No service requests are on record for this month.")
    return Sentence.of(
        _(
            "Departments received {created.words} service requests and closed {closed.words}, of which "
            "{standing.words} are still closed; {on_time.words} of those that fell due were closed on time "
            "({on_time.basis}); {judged}."
        ),
        created=flow.claim("requests_created"),
        closed=flow.claim("requests_closed"),
        standing=flow.claim("requests_net_closed"),
        on_time=on_time,
        judged=_judged(month, on_time),
    )


def _backlog(month: MonthFigures) -> str:
    stock = month.ask(BACKLOG, "department")
    if not stock.figure("open_backlog").n:
        return ""
    return Sentence.of(
        _("{open.words} requests stood open {then}, {late.words} of them past their date."),
        then=month.at_the_end,
        open=stock.claim("open_backlog"),
        late=stock.claim("overdue_backlog"),
    )


def _quality(month: MonthFigures) -> str:
    whole = month.ask(("quality_score", "customer_critical_accuracy", "evaluations_done"))
    score = whole.claim("quality_score")
    if score.figure.value is None:
        return ""
    return Sentence.of(
        _(
            "Contacts drawn at random and evaluated scored {score.words} on average (n {score.n}); {right.words} "
            "of them had no error that matters to the resident."
        ),
        score=score,
        right=whole.claim("customer_critical_accuracy"),
    )


def _emergency(month: MonthFigures) -> str:
    sent = month.ask(("transfers_to_911",)).claim("transfers_to_911")
    told = n_("{sent.words} contact was sent on to 911.", "{sent.words} contacts were sent on to 911.", sent.figure.n)
    return Sentence.of(told, sent=sent) if sent.figure.value else ""


def _days(month: MonthFigures) -> str:
    if not month.notable:
        return ""
    days = month.ask(("contacts_offered",), "day", month.usual)
    first = month.notable[:4]
    claims = [days.claim("contacts_offered", one.day) for one in first]
    named = [f"{text.short_day(one.day)} ({claim.words})" for one, claim in zip(first, claims, strict=True)]
    more = _(" and {n} more").format(n=len(month.notable) - 4) if len(month.notable) > 4 else ""
    return Sentence.of(
        n_(
            "{many} day stands out for contacts offered: {named}{more}.",
            "{many} days stand out for contacts offered: {named}{more}.",
            len(month.notable),
        ),
        *claims,
        many=str(len(month.notable)),
        named=text.listed(named),
        more=more,
    )
