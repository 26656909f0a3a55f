"""Can today be trusted? Identities, freshness, unknown names and the share of contacts whose case is known."""

from __future__ import annotations

from dataclasses import dataclass

from metrics.centre import Centre
from metrics.coverage import Freshness, freshness, unmapped
from metrics.identities import Identity, identities

MOST_PLACES = 5


@dataclass(frozen=True)
class Health:
    """The state of a warehouse, as `fairline check` prints it."""

    snapshot: int
    identities: list[Identity]
    sources: list[Freshness]
    unmapped: dict[str, list[tuple[str, int]]]
    cases_named: int
    cases_linked: int
    calls: int
    calls_linked: int
    phone_cases: int
    phone_cases_linked: int
    link_methods: dict[str, int]

    @property
    def closes(self) -> bool:
        """Whether every identity closes."""
        return all(identity.closes for identity in self.identities)

    def as_dict(self) -> dict[str, object]:
        """Plain data, for JSON."""
        return {
            "snapshot": self.snapshot,
            "identities": [
                {"name": one.name, "law": one.law, "closes": one.closes, "open": one.open_places.to_dicts()}
                for one in self.identities
            ],
            "sources": [
                {
                    "source": one.source,
                    "data_to": one.data_to.isoformat() if one.data_to else None,
                    "loaded_at": one.loaded_at.isoformat(),
                    "good": one.good,
                    "quarantined": one.quarantined,
                }
                for one in self.sources
            ],
            "unmapped": {kind: dict(names) for kind, names in self.unmapped.items()},
            "case_link": {
                "named": self.cases_named,
                "linked": self.cases_linked,
                "calls": self.calls,
                "calls_linked": self.calls_linked,
                "phone_cases": self.phone_cases,
                "phone_cases_linked": self.phone_cases_linked,
                "methods": self.link_methods,
            },
        }

    def as_text(self) -> str:
        """What a person reads."""
        lines = [f"Snapshot {self.snapshot}", "", "Identities"]
        for identity in self.identities:
            lines.append(f"  {'closes' if identity.closes else 'OPEN  '}  {identity.name}: {identity.law}")
            lines += [f"          {line}" for line in open_lines(identity)[1:]]
        lines += ["", "Sources"]
        lines += [_source_line(source) for source in self.sources]
        for kind, names in self.unmapped.items():
            listed = ", ".join(f"{name} ({count:,})" for name, count in names[:MOST_PLACES])
            more = f" and {len(names) - MOST_PLACES} more" if len(names) > MOST_PLACES else ""
            lines += ["", f"{kind.capitalize()}s without a setting: {listed + more if names else 'none'}"]
        if self.cases_named:
            lines += [
                "",
                f"Cases named by contacts: {self.cases_named:,}, of which known: {self.cases_linked:,}",
            ]
        if self.phone_cases:
            lines += [
                f"Answered calls with a known case: {self.calls_linked:,} of {self.calls:,}; "
                f"cases taken by phone with a known call: {self.phone_cases_linked:,} of {self.phone_cases:,}",
            ]
        if self.link_methods:
            told = ", ".join(f"{count:,} by {method}" for method, count in self.link_methods.items())
            lines.append(f"Links: {told}")
        return "\n".join(lines)


def open_lines(identity: Identity) -> list[str]:
    """An open identity in words: its name and law, then each place with the difference and what makes it."""
    lines = [f"  {identity.name}: {identity.law}"]
    for row in identity.open_places.head(MOST_PLACES).iter_rows(named=True):
        behind = list(row["behind"] or [])
        named = f": {', '.join(map(str, behind[:MOST_PLACES]))}" if behind else ""
        more = f" and {len(behind) - MOST_PLACES} more" if len(behind) > MOST_PLACES else ""
        lines.append(f"    {row['place']}: {row['stated']:g} stated, {row['found']:g} found{named}{more}")
    left = identity.open_places.height - MOST_PLACES
    return [*lines, f"    and {left} more places"] if left > 0 else lines


def _source_line(source: Freshness) -> str:
    reach = f"data to {source.data_to:%Y-%m-%d %H:%M %Z}" if source.data_to else "no dated rows"
    return f"  {source.source}: {reach}; {source.good:,} rows, {source.quarantined:,} quarantined"


CASE_LINKS = ("cases_named", "cases_linked", "calls", "calls_linked", "phone_cases", "phone_cases_linked")


def case_links(centre: Centre) -> dict[str, int]:
    """How many contacts and cases know of each other: those that could, and those that do."""
    return dict(zip(CASE_LINKS, centre.named("facts/case_link").row(0), strict=True))


def link_methods(centre: Centre) -> dict[str, int]:
    """How many links there are by how each was found."""
    return {row[0]: row[1] for row in centre.named("facts/link_method").rows()}


def health(centre: Centre) -> Health:
    """Check everything now; raises WarehouseDamaged where a file is not what was written."""
    centre.warehouse.check_files()
    return Health(
        snapshot=centre.snapshot,
        identities=identities(centre),
        sources=freshness(centre),
        unmapped={kind: list(frame.iter_rows()) for kind, frame in unmapped(centre).items()},
        **case_links(centre),
        link_methods=link_methods(centre),
    )
