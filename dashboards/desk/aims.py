"""A target as people type it: for which figure and for whom, in the figure's own unit, and from which day on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from dashboards.answers import Answers
from dashboards.desk.targets import DatedAim
from metrics import Metric, WrongUse, day_from_text, text
from metrics.language import N_, _
from metrics.target_trial import WITH_A_LIMIT, Aim, settable

# the figures for which centres publish targets; any other that can have one is reached by its address
OFFERED = (
    "service_level", "abandon_rate", "answer_rate", "average_speed_of_answer", "wait_p80", "wait_p90",
    "response_level", "first_response_p90", "first_contact_resolution", "resolved_at_311", "satisfaction",
    "on_time_closure_rate", "promise_kept_rate", "time_to_close_p50", "time_to_close_p90", "reopen_rate",
    "quality_score", "adherence", "shrinkage",
)  # fmt: skip
# what a form says
FIELDS = ("metric", "for", "goal", "within", "from")
# between a kind and a name in a value of the form; no kind holds it
PART = ":"
TITLES = {"queue": N_("Queues"), "request_type": N_("Request types"), "department": N_("Departments")}
UNITS = {"share": "%", "seconds": N_("seconds"), "days": N_("days"), "hours": N_("hours"), "points": N_("points")}
MEANT = {"queue": N_("queue {name}"), "request_type": N_("request type {name}"), "department": N_("department {name}")}
LONGEST_LIMIT, MOST = 86_400, 1e9


def offered(answers: Answers, chosen: str) -> dict[str, str]:
    """The figures to choose from, the one that is looked at among them."""
    known = answers.centre.catalogue.metrics
    return {name: known[name].title for name in dict.fromkeys([*OFFERED, chosen]) if name in known}


def meant_for(answers: Answers, metric: Metric) -> dict[str, dict[str, str]]:
    """For whom a target of a figure can be meant besides the whole centre: what is sent and what it is called."""
    dimensions = answers.fact(metric.name).dimensions
    found: dict[str, dict[str, str]] = {}
    for kind in TITLES:
        if kind in dimensions and not (kind == "request_type" and "queue" in dimensions):
            names = {name: answers.called(kind, name) for name in _values(answers, kind)}
            found[kind] = dict(sorted(names.items(), key=lambda one: one[1].casefold()))
    return found


def _values(answers: Answers, kind: str) -> list[str]:
    span = answers.span()
    if kind == "queue":
        return sorted({*answers.queue_names, *answers.values("queue")})
    if span is None:
        return []
    grid = answers.by(["requests_created"], [kind], span)
    return [str(key[0]) for key in grid.keys if key[0] is not None]


def whose(answers: Answers, metric: Metric, said: str) -> dict[str, str]:
    """For whom a target is meant, as a form says it; nobody of their own for the whole centre."""
    if not said:
        return {}
    kind, _sep, name = said.partition(PART)
    if name not in meant_for(answers, metric).get(kind, {}):
        words = _("{figure} is not known of {name!r}. Choose from the list.")
        raise WrongUse(words.format(figure=metric.title, name=name or said))
    return {kind: name}


def aim_of(answers: Answers, sent: Mapping[str, Any]) -> Aim | None:
    """The target that a form asks for, or none where it says no goal; raises WrongUse for what cannot be one."""
    metric = metric_of(answers, sent)
    meant = whose(answers, metric, str(sent.get("for", "")))
    goal = str(sent.get("goal", "")).strip()
    if not goal:
        return None
    limit = str(sent.get("within", "")).strip() if metric.name == WITH_A_LIMIT else ""
    return Aim(metric.name, _goal(metric, goal), _limit(limit) if limit else None, **meant)


def metric_of(answers: Answers, sent: Mapping[str, Any]) -> Metric:
    """The figure that a form is about; raises WrongUse for one that can have no target."""
    metric = answers.metric(str(sent.get("metric", "")) or OFFERED[0])
    if not settable(metric):
        words = _("{figure} can have no target: nothing says that more, or less, of it is better.")
        raise WrongUse(words.format(figure=metric.title))
    return metric


def dated(answers: Answers, sent: Mapping[str, Any], today: date) -> DatedAim:
    """The target that a form sets; raises WrongUse where it says no goal, or a day that has passed."""
    aim = aim_of(answers, sent)
    if aim is None:
        raise WrongUse(_("Say what the figure should reach."))
    metric = answers.metric(aim.metric)
    if metric.name == WITH_A_LIMIT and aim.within_seconds is None and aim.queue is not None:
        raise WrongUse(_("Say within how many seconds a call is to be answered."))
    since = day_from_text(str(sent.get("from", "")))
    if since < today:
        words = _("{day} has passed, and a target never changes what was reported. Choose today or a day to come.")
        raise WrongUse(words.format(day=text.plain_day(since)))
    return DatedAim(aim, since)


def _goal(metric: Metric, typed: str) -> float:
    """A goal in the figure's unit, typed as it is read: 80 for 80 %, 45 for 45 seconds."""
    number = _number(typed)
    if metric.unit != "share":
        return number
    if 0 < number < 1:
        raise WrongUse(_("{typed} would be less than one per cent. Write 80 for 80 %.").format(typed=typed))
    if not 0 <= number <= 100:
        raise WrongUse(_("{typed} is not a share. Write a number from 0 to 100.").format(typed=typed))
    return number / 100


def _limit(typed: str) -> int:
    number = _number(typed)
    if number > LONGEST_LIMIT or number != int(number):
        words = _("{typed!r} is not a limit. Write whole seconds, at most {most}.")
        raise WrongUse(words.format(typed=typed, most=text.count(LONGEST_LIMIT)))
    return int(number)


def _number(typed: str) -> float:
    try:
        number = float(typed.replace(",", "."))
    except ValueError:
        number = -1.0
    if not 0 <= number <= MOST:
        raise WrongUse(_("{typed!r} is not a number. Write one like 80 or 12.5.").format(typed=typed))
    return number


def typed_goal(metric: Metric, goal: float | None) -> str:
    """A goal as it is typed.

    >>> from types import SimpleNamespace
    >>> typed_goal(SimpleNamespace(unit="share"), 0.825)
    '82.5'
    """
    if goal is None:
        return ""
    return f"{round(goal * 100 if metric.unit == 'share' else goal, 6):g}"


def reads(metric: Metric, goal: float | None, within_seconds: int | None) -> str:
    """A target as people read it: "80 % or more within 30 s"."""
    if goal is None:
        return _("no target")
    number = text.without_nought(text.value(metric, goal))
    words = (_("{number} or more") if metric.better == "higher" else _("{number} or less")).format(number=number)
    if within_seconds is None:
        return words
    return _("{number} or more within {limit}").format(number=number, limit=text.limit(within_seconds))


def about(answers: Answers, aim: Aim) -> str:
    """For whom a target is meant, in words."""
    for kind, name in aim.whose.items():
        if name is not None:
            return _(MEANT[kind]).format(name=answers.called(kind, name))
    return _("whole centre")
