"""How many agents a load needs: Erlang B (no waiting), C (all wait), A (some give up), as pure functions.

Load is in erlangs: calls x handle time / interval. `serving` puts a whole answer together; a load that agents cannot
carry without anybody giving up is `unstable` and has no wait, rather than a negative one.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import ceil, exp, inf

import scipy

from metrics import text
from sql import WrongUse

MOST_AGENTS = 100_000
NEGLIGIBLE = 1e-15


@dataclass(frozen=True)
class Load:
    """Calls of an interval with their handle time, and how long callers are ready to wait (null: for ever)."""

    calls: float
    handle_seconds: float
    interval_seconds: float
    patience_seconds: float | None = None


@dataclass(frozen=True)
class Serving:
    """What a number of agents does with a load; null where the queue grows without end."""

    calls: float
    handle_seconds: float
    interval_seconds: float
    agents: int
    within_seconds: float
    patience_seconds: float | None
    erlangs: float
    state: str
    probability_of_wait: float
    service_level: float
    average_speed_of_answer_seconds: float | None
    mean_queue_length: float | None
    abandon_rate: float
    occupancy: float
    scheduled_agents: int | None = None

    def as_dict(self) -> dict[str, object]:
        """Plain data, for JSON."""
        return asdict(self)

    def as_text(self) -> str:
        """What a person reads."""
        rows = [
            ("Load", f"{self.erlangs:.2f} erlangs, {self.state}"),
            ("Agents", f"{self.agents:,}"),
            *([("Scheduled agents", f"{self.scheduled_agents:,}")] if self.scheduled_agents is not None else []),
            (f"Answered within {self.within_seconds:g} s", f"{text.share(self.service_level)} of calls"),
            ("Calls that wait", text.share(self.probability_of_wait)),
            ("Speed of answer", _seconds(self.average_speed_of_answer_seconds)),
            ("Give up", text.share(self.abandon_rate) if self.patience_seconds else "nobody, by assumption (Erlang C)"),
            ("Occupancy", text.share(self.occupancy)),
        ]
        width = max(len(name) for name, _ in rows)
        return "\n".join(f"{name:<{width}}  {value}" for name, value in rows)


def _seconds(value: float | None) -> str:
    return "none: the queue grows without end" if value is None else f"{value:.1f} s"


def erlangs(calls: float, handle_seconds: float, interval_seconds: float) -> float:
    """The load that calls put on agents.

    >>> erlangs(100, 180, 1800)
    10.0
    """
    return calls * handle_seconds / interval_seconds


def erlang_b(load: float, agents: int) -> float:
    """The share of calls that find all agents busy where nobody can wait.

    >>> round(erlang_b(10, 14), 6)
    0.056824
    """
    if load == 0:
        return 0.0 if agents else 1.0
    blocked = 1.0
    for number in range(1, agents + 1):
        blocked = load * blocked / (number + load * blocked)
    return blocked


def erlang_c(load: float, agents: int) -> float:
    """The share of calls that wait where everybody does; 1 where the load is more than the agents can carry.

    >>> round(erlang_c(10, 14), 7)
    0.1741319
    """
    if agents <= load:
        return 1.0 if load else 0.0
    blocked = erlang_b(load, agents)
    return blocked / (1 - load / agents * (1 - blocked))


def serving(
    *,
    calls: float,
    handle_seconds: float,
    interval_seconds: float,
    agents: int,
    within_seconds: float = 20,
    patience_seconds: float | None = None,
) -> Serving:
    """What agents do with a load: Erlang C, or Erlang A where callers' mean patience is given."""
    _check(calls, handle_seconds, interval_seconds, agents, patience_seconds)
    load = erlangs(calls, handle_seconds, interval_seconds)
    shared = (calls, handle_seconds, interval_seconds, agents, within_seconds, patience_seconds, load)
    if load == 0:
        return Serving(*shared, "idle", 0.0, 1.0, 0.0, 0.0, 0.0, 0.0)
    if patience_seconds is not None:
        return Serving(
            *shared, "stable", *_with_patience(load, agents, handle_seconds, within_seconds, patience_seconds)
        )
    if agents <= load:
        return Serving(*shared, "unstable", 1.0, 0.0, None, None, 0.0, 1.0)
    waiting = erlang_c(load, agents)
    spare = agents - load
    level = 1 - waiting * exp(-spare * within_seconds / handle_seconds)
    speed = waiting * handle_seconds / spare
    return Serving(*shared, "stable", waiting, level, speed, waiting * load / spare, 0.0, load / agents)


def _with_patience(
    load: float, agents: int, handle: float, within: float, patience: float
) -> tuple[float, float, float, float, float, float]:
    """Erlang A (M/M/n+M): the six figures of a queue from which waiting callers leave at a constant rate.

    Who finds k waiting is served after k + 1 departures at rates n/handle + i/patience; exp(-wait/patience) then has a
    beta distribution, which gives the share that is served in time in closed form.
    """
    busy_rates = agents * patience / handle
    weight, served_in_time, served, wait_of_served, queue = 1.0, 0.0, 0.0, 0.0, 0.0
    bound = exp(-within / patience)
    total_waiting = wait = 0.0
    number = 0
    while agents and (weight > NEGLIGIBLE or number < load):
        total_waiting += weight
        queue += weight * number
        stays = busy_rates / (busy_rates + number + 1)
        served += weight * stays
        served_in_time += weight * stays * (1 - float(scipy.special.betainc(busy_rates + 1, number + 1, bound)))
        # mean wait of those who are served: the departures before them happen sooner than for an immortal caller
        wait += patience / (busy_rates + 1 + number)
        wait_of_served += weight * stays * wait
        number += 1
        weight *= load / handle / (agents / handle + number / patience)
    if not agents:
        return 1.0, 0.0, 0.0, load * patience / handle, 1.0, 0.0
    # everything so far is relative to the state in which all agents are busy and nobody waits
    below = _states_below(load, agents)
    everything = below + total_waiting
    waiting = total_waiting / everything
    answered = (below + served) / everything
    level = (below + served_in_time) / everything
    speed = wait_of_served / (below + served)
    return waiting, level, speed, queue / everything, 1 - answered, load * answered / agents


def _states_below(load: float, agents: int) -> float:
    """The weight of all states with a free agent, relative to the state with none free and nobody waiting."""
    weight, total = 1.0, 0.0
    for number in range(agents, 0, -1):
        weight *= number / load
        total += weight
        if weight == inf:
            break
    return total


def required_agents(
    *,
    calls: float,
    handle_seconds: float,
    interval_seconds: float,
    share: float,
    within_seconds: float,
    patience_seconds: float | None = None,
    most_occupied: float = 1.0,
    shrinkage: float = 0.0,
) -> Serving:
    """The fewest agents who answer a share of calls in time, with an occupancy no higher than wanted.

    `shrinkage` is the part of paid time in which nobody answers: `scheduled_agents` is how many must be planned.
    """
    if not 0 <= share < 1:
        raise WrongUse(f"A target of {share:.0%} cannot be met for certain. Write it as 80/20: 80 % within 20 seconds.")
    if not 0 <= shrinkage < 1 or not 0 < most_occupied <= 1:
        raise WrongUse("Shrinkage is a part of 1 below 1, the highest occupancy a part of 1 above 0, for example 0.3.")

    def meets(agents: int) -> bool:
        found = ask(agents)
        return found.state != "unstable" and found.service_level >= share and found.occupancy <= most_occupied

    def ask(agents: int) -> Serving:
        return serving(
            calls=calls,
            handle_seconds=handle_seconds,
            interval_seconds=interval_seconds,
            agents=agents,
            within_seconds=within_seconds,
            patience_seconds=patience_seconds,
        )

    few, many = -1, 1
    while not meets(many):
        few, many = many, many * 2
        if many > MOST_AGENTS:
            raise WrongUse(f"More than {MOST_AGENTS:,} agents would be needed. Check the calls and the handle time.")
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if meets(middle) else (middle, many)
    planned = ceil(many / (1 - shrinkage) - 1e-9)
    return Serving(**{**asdict(ask(many)), "scheduled_agents": planned if shrinkage else None})


def staffed(
    load: Load, agents: int | None, target: str | None, within: float, most_occupied: float, shrinkage: float
) -> Serving:
    """What a number of agents does, or the fewest who reach a target; raises WrongUse unless it is one of the two."""
    if (agents is None) == (target is None):
        raise WrongUse("Say either how many agents there are (--agents 14) or the target (--target 80/20).")
    parts = {"calls": load.calls, "handle_seconds": load.handle_seconds, "interval_seconds": load.interval_seconds}
    if agents is not None:
        return serving(**parts, agents=agents, within_seconds=within, patience_seconds=load.patience_seconds)
    share, seconds = target_from_text(target or "")
    return required_agents(
        **parts,
        share=share,
        within_seconds=seconds,
        patience_seconds=load.patience_seconds,
        most_occupied=most_occupied,
        shrinkage=shrinkage,
    )


def target_from_text(text: str) -> tuple[float, float]:
    """A target as people write it: the share and the seconds.

    >>> target_from_text("80/20")
    (0.8, 20.0)
    """
    share, slash, seconds = text.partition("/")
    try:
        found = float(share) / 100, float(seconds)
    except ValueError:
        slash = ""
    if not slash or not 0 <= found[0] < 1 or found[1] < 0:
        raise WrongUse(f"{text!r} is not a target. Write it as 80/20: 80 % answered within 20 seconds.")
    return found


def _check(calls: float, handle: float, interval: float, agents: int, patience: float | None) -> None:
    wrong = [
        (calls < 0, "calls", calls, "0 or more"),
        (handle <= 0, "the handle time", handle, "more than 0 seconds"),
        (interval <= 0, "the interval", interval, "more than 0 seconds"),
        (agents < 0, "agents", agents, "0 or more"),
        (patience is not None and patience <= 0, "the patience", patience, "more than 0 seconds"),
    ]
    for is_wrong, name, came, expected in wrong:
        if is_wrong:
            raise WrongUse(f"{came} came for {name}; {expected} is expected.")
