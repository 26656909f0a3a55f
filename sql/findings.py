"""What somebody finds who looks whether all is well: verdict, what was seen, and the cure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Literal

from sql.errors import FairlineError, WarehouseLocked, unforeseen

Verdict = Literal["ok", "warning", "wrong"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `cure` says what to do where it is not well."""

    verdict: Verdict
    seen: str
    cure: str = ""
    subject: str = ""

    def as_dict(self) -> dict[str, str]:
        """Plain data, for JSON."""
        return {"subject": self.subject, "verdict": self.verdict, "seen": self.seen, "cure": self.cure}


Check = tuple[str, Callable[[], Finding]]


def ok(seen: str) -> Finding:
    """All is well."""
    return Finding("ok", seen)


def warning(seen: str, cure: str) -> Finding:
    """Figures are right, and something is still to be done."""
    return Finding("warning", seen, cure)


def wrong(seen: str, cure: str) -> Finding:
    """Something does not work, or figures may be wrong."""
    return Finding("wrong", seen, cure)


def looked_at(checks: Iterable[Check]) -> list[Finding]:
    """The finding of each check; one that fails is a finding too, and the others are still made."""
    return [replace(_found(check), subject=subject) for subject, check in checks]


def _found(check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except FairlineError as error:
        # messages of ours say first what is, then what to do
        seen, _, cure = str(error).partition(". ")
        return Finding("warning" if isinstance(error, WarehouseLocked) else "wrong", seen.rstrip("."), cure)
    except Exception as error:  # whatever it is, the other checks are still of use
        return wrong("could not be looked at", unforeseen(error))


def findings_text(findings: Iterable[Finding]) -> str:
    """What a person reads: a line for each finding, and beneath it the cure where there is one."""
    shown = list(findings)
    width = max((len(one.subject) for one in shown), default=0)
    lines = []
    for one in shown:
        lines.append(f"{one.verdict:<8} {one.subject:<{width}}  {one.seen}")
        lines += [f"{'':<8} {'':<{width}}  -> {one.cure}"] if one.cure else []
    return "\n".join(lines)
