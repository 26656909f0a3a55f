"""The exports of a demo city, read back as plainly as a stranger would."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

Row = dict[str, str]
STORM = (date(2026, 11, 2), date(2026, 11, 8))


class Exports:
    """A city's files by kind; times in epoch seconds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.truth: dict[str, dict[str, Any]] = json.loads((folder / "truth.json").read_text(encoding="utf-8"))

    def rows(self, pattern: str) -> list[Row]:
        """The rows of all files whose name matches, oldest first, each with `file`."""
        found: list[Row] = []
        for path in sorted((self.folder / "inbox").glob(pattern)):
            with path.open(encoding="utf-8", newline="") as file:
                found += [{**row, "file": path.name} for row in csv.DictReader(file)]
        return found

    @cached_property
    def calls(self) -> list[Row]:
        return self.rows("phone_*.csv")

    @cached_property
    def contacts(self) -> list[Row]:
        return self.calls + self.rows("counter_and_mail_*.csv")

    @cached_property
    def handled(self) -> list[Row]:
        return [row for row in self.contacts if row["outcome"] != "abandoned"]

    @cached_property
    def states(self) -> list[Row]:
        return self.rows("agent_states_*.csv")

    @cached_property
    def schedule(self) -> list[Row]:
        return self.rows("schedule_*.csv")

    @cached_property
    def roster(self) -> list[Row]:
        return self.rows("roster.csv")

    @cached_property
    def cases(self) -> dict[str, list[Row]]:
        """Every case with its rows, export by export."""
        found = defaultdict(list)
        for row in self.rows("crm_*.csv"):
            found[row["case_enquiry_id"]].append(row)
        return found

    @cached_property
    def evaluations(self) -> list[Row]:
        return self.rows("evaluations_*.csv")

    @cached_property
    def answers(self) -> dict[str, list[Row]]:
        """Every evaluation's answers."""
        found = defaultdict(list)
        for row in self.rows("answers_*.csv"):
            found[row["evaluation_id"]].append(row)
        return found

    @cached_property
    def shifts(self) -> dict[tuple[str, str], tuple[int, int]]:
        """Start and end of every shift by agent and shift date."""
        found: dict[tuple[str, str], tuple[int, int]] = {}
        for row in self.schedule:
            if row["activity"] != "time_off":
                key = row["agent_id"], row["shift_date"]
                start, end = found.get(key, (instant(row["start_time"]), 0))
                found[key] = min(start, instant(row["start_time"])), max(end, instant(row["end_time"]))
        return found

    def team_members(self, agent: str, on: str) -> list[str]:
        """The teams that an agent belongs to on a day."""
        return [
            row["team"]
            for row in self.roster
            if row["agent_id"] == agent and row["valid_from"] <= on and (not row["valid_to"] or on < row["valid_to"])
        ]


def instant(text: str) -> int:
    """Epoch seconds of an ISO time that carries its offset."""
    moment = datetime.fromisoformat(text)
    assert moment.tzinfo is not None
    return int(moment.timestamp())


def answered_at(contact: Row) -> int:
    return instant(contact["start_time"]) + int(contact["wait_seconds"])


def conversation(contact: Row) -> int:
    return int(contact["talk_seconds"]) + int(contact["hold_seconds"])


def handling(contact: Row) -> int:
    return conversation(contact) + int(contact["wrap_seconds"])


def overlapping(spells: Iterable[tuple[str, int, int]]) -> list[tuple[str, int]]:
    """Whoever is in two spells at once, and since when; spells are (who, start, end)."""
    by_whom = defaultdict(list)
    for who, start, end in spells:
        by_whom[who].append((start, end))
    return [
        (who, later[0])
        for who, all_of in by_whom.items()
        for first, later in pairwise(sorted(all_of))
        if later[0] < first[1]
    ]


def service_level(calls: Iterable[Row]) -> float:
    """Share answered in 30 seconds of those who did not hang up within five."""
    counted = [row for row in calls if row["outcome"] != "abandoned" or int(row["wait_seconds"]) >= 5]
    return sum(row["outcome"] != "abandoned" and int(row["wait_seconds"]) <= 30 for row in counted) / len(counted)


def abandon_rate(calls: Iterable[Row]) -> float:
    outcomes = [row["outcome"] for row in calls]
    return outcomes.count("abandoned") / len(outcomes)


def on_days(calls: Iterable[Row], first: date, last: date) -> list[Row]:
    return [row for row in calls if str(first) <= row["start_time"][:10] <= str(last)]
