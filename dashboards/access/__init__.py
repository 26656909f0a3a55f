"""Who may see what: accounts, sessions, roles, the gate before every request, and the log of what was seen."""

from dashboards.access.audit import Deed, LogFailed, append, entries, verify
from dashboards.access.gate import Access, guard, open_access, viewer_or_none
from dashboards.access.keys import make_secret, web_keys
from dashboards.access.roles import Viewer, roles, scope_of

__all__ = [
    "Access",
    "Deed",
    "LogFailed",
    "Viewer",
    "append",
    "entries",
    "guard",
    "make_secret",
    "open_access",
    "roles",
    "scope_of",
    "verify",
    "viewer_or_none",
    "web_keys",
]
