"""Who is looking: the one place where a request becomes a scope."""

from __future__ import annotations

from metrics import Scope


def scope_of_request() -> Scope:
    """What the sender of this request may see: everything, until there is sign-in."""
    return Scope.whole_centre()
