"""A fair comparison of a centre's agents: asked for, written down, kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import Any

import polars as pl

from metrics import text
from metrics.availability import unavailable
from metrics.centre import Centre
from metrics.compare import words
from metrics.compare.audit import Line, Ratio, as_rows, audit
from metrics.compare.decision import FALSE_DISCOVERY_RATE
from metrics.compare.judgement import Asked, Judgement, Verdict
from metrics.compare.placebo import FLAGS, SHUFFLES, Placebo, placebo
from metrics.compare.reading import Read, read_contacts
from metrics.compare.rules import Rule, comparison_of, comparisons
from metrics.compare.stages import judge_in_stages, watch_list
from metrics.language import _, language
from metrics.people import roster
from metrics.period import Period
from metrics.sampling import FOLLOW_UP, ROUTINE, Draw, follow_up_draws, sample
from metrics.scope import Scope
from metrics.terminal import aligned
from sql import WrongUse

# counts up with every change that can change a verdict
METHOD_VERSION = "1"
CALIBRATION = "for calibration, which only tell evaluators apart"
FIELDS = (
    "agent_id", "n", "value", "expected", "difference", "low", "high", "shrunken", "q", "verdict", "more_needed",
)  # fmt: skip


@dataclass(frozen=True)
class Comparison:
    """All verdicts that the asker may see, sorted by agent, with everything that they rest on.

    `audit`, `ratios` and `placebo` speak of the whole centre and are there for who may see all of it.
    """

    rule: Rule
    during: Period
    snapshot: int
    seed: int
    strict: bool
    inputs: str
    contacts: int
    excluded: dict[str, int]
    drawn_in: int
    design_effect: float
    spread: float
    scatter: float
    refusal: str
    verdicts: tuple[Verdict, ...]
    audit: list[Line] = field(default_factory=list)
    ratios: list[Ratio] = field(default_factory=list)
    placebo: Placebo | None = None

    @property
    def flagged(self) -> list[Verdict]:
        """Those who stand out, on either side."""
        return [one for one in self.verdicts if one.verdict in FLAGS]

    def verdict(self, agent: str) -> Verdict | None:
        """An agent's verdict; null where the agent had no contacts, or is not the asker's to see."""
        return next((one for one in self.verdicts if one.agent_id == agent), None)

    def sentence(self, agent: str) -> str:
        """What a supervisor reads of an agent."""
        found = self.verdict(agent)
        if found is None:
            return self.refusal if not self.verdicts and self.refusal else _("No contacts in this period.")
        return words.sentence(self.rule, found, self.during)

    def as_dict(self) -> dict[str, Any]:
        """Plain data, for JSON; the same question to the same snapshot gives the same bytes."""
        return {
            "metric": self.rule.name,
            "id": self.rule.id,
            "title": self.rule.title,
            "note": self.rule.note,
            "scale": self.rule.scale,
            "better": self.rule.better,
            "from": self.during.first.isoformat(),
            "to": self.during.until.isoformat(),
            "snapshot": self.snapshot,
            "method_version": METHOD_VERSION,
            "seed": self.seed,
            "inputs": self.inputs,
            "strict": self.strict,
            "adjusters": list(self.rule.adjusters),
            "act_on": self.rule.act_on,
            "minimum": self.rule.minimum,
            "false_discovery_rate": FALSE_DISCOVERY_RATE,
            "contacts": self.contacts,
            "exclusions": self.excluded,
            "drawn_in": self.drawn_in,
            "design_effect": round(self.design_effect, 4),
            "tolerated_spread": round(self.spread, 6),
            "refusal": self.refusal or None,
            "agents": [{name: _plain(getattr(one, name)) for name in FIELDS} for one in self.verdicts],
            "sentences": {one.agent_id: words.sentence(self.rule, one, self.during) for one in self.verdicts},
            "audit": as_rows(self.audit),
            "four_fifths": as_rows(self.ratios),
            "placebo": asdict(self.placebo) if self.placebo else None,
        }

    def as_text(self) -> str:
        """What a person reads on a terminal."""
        rows = [
            [
                one.agent_id,
                f"{one.n:,}",
                words.value(self.rule, one.value),
                words.value(self.rule, one.expected),
                words.difference(self.rule, one),
                words.verdict_word(one),
                text.count(one.more_needed) if one.more_needed else "",
            ]
            for one in self.verdicts
        ]
        header = ["agent", "n", "value", "expected", "difference (95 %)", "verdict", "more needed"]
        table = aligned(header, rows, [False, True, True, True, True, False, True]).rstrip()
        flagged = [f"{one.agent_id}: {words.sentence(self.rule, one, self.during)}" for one in self.flagged]
        return "\n".join([self.rule.title, "", table, "", *flagged, *([""] if flagged else []), *self._notes()])

    def _notes(self) -> list[str]:
        left_out = ", ".join(f"{count:,} {reason}" for reason, count in self.excluded.items() if count) or "none"
        notes = [
            *([self.refusal] if self.refusal else []),
            *([f"{self.rule.note[0].upper()}{self.rule.note[1:]}."] if self.rule.note else []),
            f"Compared with similar contacts as recorded; adjusted for {words.adjusted_for(self.rule)}.",
            f"{self.contacts:,} {self.rule.counted}s; left out: {left_out}; {self.drawn_in:,} extreme values drawn in.",
            f"Snapshot {self.snapshot}, method {METHOD_VERSION}, inputs {self.inputs[:12]}.",
        ]
        if self.placebo:
            notes.append(
                f"Placebo: {self.placebo.flags} flags among {self.placebo.judged:,} judged agents in "
                f"{self.placebo.shuffles} comparisons with names shuffled within {', '.join(self.placebo.within)} "
                f"({self.placebo.moved:.0%} of the names moved)."
            )
        notes += [
            f"{one.group} against {one.against}: {one.says} (ratio {one.ratio}, p {one.p})" for one in self.ratios
        ]
        return notes


def compare(
    centre: Centre,
    metric: str,
    *,
    during: Period,
    scope: Scope,
    by: str = "agent",
    strict: bool = False,
    with_placebo: bool = False,
    groups: Mapping[str, str] | None = None,
    seed: int = 311,
) -> Comparison:
    """Compare agents by a metric on what the same contacts would give anyone; see `Comparison`.

    All contacts of the centre are the yardstick; the verdicts are those of the agents in scope. `groups` names the
    group of agents for the audit. Who asks for several comparisons does so of a centre that is `keeping`. Raises
    WrongUse where the metric cannot be compared, or not by that.
    """
    if by != "agent":
        raise WrongUse(
            f"By {by!r} came; only agents can be compared: --by agent. Ask fairline query for other figures."
        )
    rule = comparison_of(centre.folder, centre.catalogue, metric)
    drawn = follow_up_draws(centre.folder, during) if rule.staged else {}
    read = read_contacts(centre, rule, during, follow_ups=drawn)
    listed = frozenset(drawn.values()) if drawn else None
    found = judge_in_stages(rule, read.contacts, Asked(strict=strict), listed=listed)
    absent = unavailable(centre, [metric]).get(metric)
    if absent and found.refusal:
        # what no source reports is why there is nothing to compare, and all zeros would read as a value
        found = replace(found, verdicts=(), refusal=f"{absent[0].upper()}{absent[1:]}.")
    shared = read.contacts.height - read.own
    everybody = scope == Scope.whole_centre()
    lines, ratios = _audited(centre, read, found, during, groups) if everybody else ([], [])
    return Comparison(
        rule=rule,
        during=during,
        snapshot=centre.snapshot,
        seed=seed,
        strict=strict,
        inputs=read.digest,
        contacts=read.own,
        excluded=read.excluded | ({CALIBRATION: shared} if shared else {}),
        drawn_in=found.drawn_in,
        design_effect=found.design_effect,
        spread=found.spread,
        scatter=found.scatter,
        refusal=found.refusal,
        verdicts=_seen(centre, found.verdicts, during, scope),
        audit=lines,
        ratios=ratios,
        placebo=placebo(rule, read.contacts, seed=seed, shuffles=SHUFFLES) if with_placebo and everybody else None,
    )


def _audited(
    centre: Centre, read: Read, found: Judgement, during: Period, groups: Mapping[str, str] | None
) -> tuple[list[Line], list[Ratio]]:
    people = roster(centre, during=during, scope=Scope.whole_centre())
    hired = dict(people.select("agent_id", "hired_on").iter_rows())
    return audit(found.verdicts, read.contacts, hired, during.until, groups)


def compare_all(centre: Centre, *, during: Period, scope: Scope, with_placebo: bool = False) -> dict[str, Comparison]:
    """Every comparison that the centre knows, over one period, by metric.

    The yardstick is the whole centre whoever asks, so it is worked out once a snapshot and handed out by scope.
    """
    with _ONE_AT_A_TIME:
        whole = centre.once(
            ("compared", during, with_placebo, language()), lambda: _compared(centre, during, with_placebo)
        )
    if scope == Scope.whole_centre():
        return whole
    return {
        name: replace(one, verdicts=_seen(centre, one.verdicts, during, scope), audit=[], ratios=[], placebo=None)
        for name, one in whole.items()
    }


def _compared(centre: Centre, during: Period, with_placebo: bool) -> dict[str, Comparison]:
    everybody, found = Scope.whole_centre(), {}
    known = comparisons(centre.folder)
    # those that rest on the same rows one after the other, and these let go of before the next are read
    for contacts in dict.fromkeys(rule.contacts for rule in known.values()):
        with centre.keeping() as own:
            for name in (name for name, rule in known.items() if rule.contacts == contacts):
                found[name] = compare(own, name, during=during, scope=everybody, with_placebo=with_placebo)
    return {name: found[name] for name in known}


_ONE_AT_A_TIME = Lock()


def _seen(centre: Centre, verdicts: tuple[Verdict, ...], during: Period, scope: Scope) -> tuple[Verdict, ...]:
    """The verdicts of those whom the asker may see."""
    if scope == Scope.whole_centre():
        return verdicts
    people = people_seen(centre, during, scope)
    return tuple(one for one in verdicts if one.agent_id in people)


def people_seen(centre: Centre, during: Period, scope: Scope) -> set[str]:
    """Whom the asker may see."""
    people = set(roster(centre, during=during, scope=scope)["agent_id"])
    return people | scope.agents if scope.teams is None and scope.agents is not None else people


def verdict_frame(comparison: Comparison) -> pl.DataFrame:
    """The verdicts as a frame, one row per agent, with the sentence that people read."""
    rows = [
        {
            **{name: _plain(getattr(one, name)) for name in FIELDS},
            "sentence": words.sentence(comparison.rule, one, comparison.during),
        }
        for one in comparison.verdicts
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def drawn_sample(
    centre: Centre,
    *,
    during: Period,
    scope: Scope,
    stage: str = ROUTINE,
    per_month: int | None = None,
    seed: str | None = None,
    metric: str = "quality_score",
) -> Draw:
    """The work list of a stage, see `metrics.sampling.sample`.

    The follow-up is for those whom routine reviews put on the watch list; one that was drawn already keeps its list.
    """
    agents = None
    if stage == FOLLOW_UP:
        drawn = follow_up_draws(centre.folder, during)
        rule = comparison_of(centre.folder, centre.catalogue, metric)
        read = read_contacts(centre, rule, during, follow_ups=drawn)
        agents = sorted(set(drawn.values())) or watch_list(rule, read.contacts)
    return sample(centre, during=during, scope=scope, stage=stage, per_month=per_month, seed=seed, agents=agents)


def keep(centre: Centre, comparison: Comparison) -> Path:
    """Write a comparison down in the centre's `comparisons/`, named after its content; the same is kept once.

    Raises WrongUse where the folder cannot be written.
    """
    content = as_json(comparison)
    name = f"{comparison.rule.name}_{comparison.during.first}_{comparison.during.until}_{comparison.inputs[:12]}"
    parts = [f"s{comparison.snapshot}", *(["strict"] if comparison.strict else [])]
    parts += ["placebo"] if comparison.placebo else []
    parts += ["groups"] if comparison.ratios else []
    path = centre.folder / "comparisons" / f"{'_'.join([name, *parts])}.json"
    try:
        path.parent.mkdir(exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            path.write_text(content, encoding="utf-8")
    except OSError:
        raise WrongUse(f"{path.parent} cannot be written; a comparison is kept there. Make it writable.") from None
    return path


def as_json(comparison: Comparison) -> str:
    """A comparison as JSON text."""
    return json.dumps(comparison.as_dict(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def groups_of(path: Path) -> dict[str, str]:
    """Agents' groups from a csv with the columns `agent_id` and `group`; raises WrongUse for any other file."""
    try:
        frame = pl.read_csv(path, infer_schema=False)
        return dict(frame.select("agent_id", "group").drop_nulls().iter_rows())
    except FileNotFoundError:
        raise WrongUse(f"There is no file {path}. Name a csv with the columns agent_id and group.") from None
    except (OSError, pl.exceptions.PolarsError):
        raise WrongUse(
            f"{path.name} is no csv with the columns agent_id and group. Write one line per agent."
        ) from None


def _plain(value: object) -> object:
    return str(value) if hasattr(value, "value") and isinstance(value, str) else value
