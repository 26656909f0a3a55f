"""The identities that figures must satisfy, checked on the whole warehouse, place by place."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from metrics.centre import Centre
from sql import grain, names


@dataclass(frozen=True)
class Identity:
    """One identity with the places where it does not close: `place`, `stated`, `found`."""

    name: str
    breach: str
    open_places: pl.DataFrame

    @property
    def closes(self) -> bool:
        """Whether nothing is open."""
        return self.open_places.is_empty()


def identities(centre: Centre) -> list[Identity]:
    """Every identity, checked now."""
    return [
        Identity(name, grain(f"identities/{name}"), centre.named(f"identities/{name}")) for name in names("identities")
    ]


def open_identities(centre: Centre) -> int:
    """How many identities do not close."""
    return sum(not identity.closes for identity in identities(centre))
