"""The facts on a connection: views, spans (for some days) and stocks (as of the beginning of some days).

A fact is a file of `views/`, `spans/` or `stocks/`; the order in which they build on each other is read from them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from functools import cache

from sql.statements import names, statement
from sql.warehouse import Warehouse

# what other views join where the centre set nothing that rows would come from: no row, and no time to find that out
UNSET = {
    "case_deadline": "select null::bigint as case_id, null::timestamp as due_at where false",
    "kept_callback": "select null::bigint as leg_id where false",
}
# the span whose pieces others cut further
PIECES = "agent_time"
PARAMETERS = {"views": "", "spans": "first_day, until_day", "stocks": "ends"}


@cache
def fact_folders() -> dict[str, str]:
    """Every fact with the folder it stands in, those first that others build on."""
    folders = {name: folder for folder in PARAMETERS for name in names(folder)}
    ordered: dict[str, str] = {}

    def add(name: str, users: tuple[str, ...]) -> None:
        if name in users:
            raise ValueError(f"facts build on each other in a circle: {' -> '.join([*users, name])}")
        for used in _uses(f"{folders[name]}/{name}", folders):
            if used not in ordered:
                add(used, (*users, name))
        ordered[name] = folders[name]

    for name in folders:
        if name not in ordered:
            add(name, ())
    return ordered


def _uses(path: str, folders: dict[str, str]) -> list[str]:
    """The other facts that a statement selects from; a name after a dot is a stored table."""
    text = re.sub(r"--.*", "", statement(path))
    own_names = set(re.findall(r"(\w+) as \(", text))
    found = re.findall(r"\b(?:from|join)\s+(\w+)\b(?!\s*\.)", text)
    return [name for name in dict.fromkeys(found) if name in folders and name not in own_names]


@cache
def fact_text(name: str) -> str:
    """The statements that make a fact, its own and those that it builds on."""
    folders = fact_folders()
    used = sorted(_uses(f"{folders[name]}/{name}", folders))
    return "\n".join([statement(f"{folders[name]}/{name}"), *(fact_text(one) for one in used)])


def view_text(name: str, unset: Collection[str]) -> str:
    """The statement of a view, or of its empty stand-in where it is one of those for which nothing is set."""
    return UNSET[name] if name in unset else statement(f"views/{name}")


@cache
def facts_beneath(name: str) -> frozenset[str]:
    """A fact, and all those that it builds on."""
    folders = fact_folders()
    return frozenset({name}.union(*(facts_beneath(one) for one in _uses(f"{folders[name]}/{name}", folders))))


@cache
def shared_facts() -> frozenset[str]:
    """The facts on which two others or more build."""
    used = Counter(one for name, folder in fact_folders().items() for one in _uses(f"{folder}/{name}", fact_folders()))
    return frozenset(name for name, users in used.items() if users > 1)


def define_facts(warehouse: Warehouse, *, unset: Collection[str] = ()) -> None:
    """Define every fact on the warehouse's connection, those of `UNSET` without rows where they are named."""
    for name, folder in fact_folders().items():
        text = view_text(name, unset) if folder == "views" else statement(f"{folder}/{name}")
        if folder == "views":
            warehouse.execute(f"create or replace view {name} as {text}")
        else:
            warehouse.execute(f"create or replace macro {name}({PARAMETERS[folder]}) as table {text}")


def fact_source(name: str, **arguments: str) -> str:
    """What stands after `from` for a fact: its name, with the days where it is computed for some.

    >>> fact_source("agent_time", first_day="$first", until_day="$until", ends="$ends")
    '"agent_time"($first, $until)'
    """
    given = [arguments[part] for part in PARAMETERS[fact_folders()[name]].split(", ") if part]
    return f'"{name}"({", ".join(given)})' if given else f'"{name}"'


@cache
def is_cut_further(name: str) -> bool:
    """Whether a span cuts the pieces of `PIECES` further."""
    return fact_folders()[name] == "spans" and PIECES in _uses(f"spans/{name}", fact_folders())


def span_over(name: str, table: str, *, first_day: str, until_day: str) -> str:
    """What stands after `from` for such a span where those pieces stand in a table, each with its `day`."""
    of_days = rf"(from {table} where day >= \1 - 1 and day <= \2)"
    text = re.sub(rf"\b{PIECES}\(([^(),]+), ([^(),]+)\)", of_days, statement(f"spans/{name}"))
    return f"({text.replace('first_day', first_day).replace('until_day', until_day)})"
