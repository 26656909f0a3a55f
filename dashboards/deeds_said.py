"""What the log says somebody did, as a reader reads it: the log itself is written in one language, for good."""

from __future__ import annotations

from dashboards.access.roles import roles
from dashboards.desk.deeds import DEEDS
from metrics.language import N_, _, spoken

# what stands in the log word for word
WHOLE = {
    N_("signed in"),
    N_("signed out"),
    N_("sign-in refused"),
    N_("sign-in throttled"),
    N_("account added"),
    N_("role changed"),
    N_("password changed"),
    N_("disabled"),
    N_("enabled"),
    N_("settled name"),
    N_("saw a page that is none"),
    N_("provider: no role or disabled"),
    N_("provider"),
}
# what can be asked for and refused; everything else that follows is an address, a file or a name
ASKED_FOR = {N_("contacts"), N_("records"), N_("tables"), N_("packet"), N_("settle name"), N_("save")}
# what is told of what follows
OF_SOMETHING = (
    N_("took table of {what}"),
    N_("took {what}"),
    N_("saw {what}"),
    N_("refused {what}"),
    N_("failed {what}"),
    N_("contact {what}"),
    N_("team {what}"),
    N_("account {what}"),
)


def deed_said(entry: str) -> str:
    """An entry of the log, or whose record it names, in the reader's language.

    >>> deed_said("saw /team")
    'saw /team'
    """
    if entry in WHOLE or any(entry == deed.words for deed in DEEDS.values()):
        return spoken(entry)
    for pattern in OF_SOMETHING:
        start = pattern.partition("{what}")[0]
        if entry.startswith(start):
            return _(pattern).format(what=_asked_for(entry.removeprefix(start)))
    return entry


def _asked_for(what: str) -> str:
    if what in DEEDS and DEEDS[what].words:
        return spoken(DEEDS[what].words)
    return spoken(what) if what in ASKED_FOR else what


def role_said(role: str) -> str:
    """The title of a role; the word itself where there is no such role any more."""
    found = roles().get(role)
    return spoken(found.title) if found else role
