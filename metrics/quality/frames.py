"""Evaluations and answers as frames, of a period or of a calibration session, as far as the asker may see them."""

from __future__ import annotations

import polars as pl

from metrics.centre import Centre
from metrics.period import Period
from metrics.scope import Scope
from sql import WrongUse, nearest


def evaluations(
    centre: Centre, *, during: Period | None = None, session: str | None = None, scope: Scope
) -> pl.DataFrame:
    """Evaluations with their scores (shares of 1), `standing` and `fault`; of a period, or of one session."""
    return _asked(centre, "quality/evaluation", during, session, scope)


def answers(centre: Centre, *, during: Period | None = None, session: str | None = None, scope: Scope) -> pl.DataFrame:
    """Answers with `is_applicable`, `is_na` and `failed`; of a period, or of one session."""
    return _asked(centre, "quality/answer", during, session, scope)


def sessions(centre: Centre) -> pl.DataFrame:
    """The calibration sessions: `session`, `contacts`, `evaluators`, `evaluations`, `first_on`, `last_on`.

    A calibration evaluation whose export names no session belongs to the month of its contact, as "2026-10".
    """
    return centre.asked("quality/session")


def known_session(centre: Centre, name: str) -> str:
    """A session's name; raises WrongUse with the nearest known one."""
    known = sessions(centre)["session"].to_list()
    if name in known:
        return name
    listed = f" Known: {', '.join(known[-12:])}." if known else " No calibration evaluation was loaded yet."
    raise WrongUse(f"There is no calibration session {name!r}.{nearest(name, known)}{listed}")


def in_scope(frame: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """The rows of agents and teams that the asker may see."""
    for dimension, allowed in scope.limits().items():
        frame = frame.filter(pl.col(dimension).is_in(sorted(allowed)))
    return frame


def _asked(centre: Centre, name: str, during: Period | None, session: str | None, scope: Scope) -> pl.DataFrame:
    if (during is None) == (session is None):
        raise ValueError("ask for a period or for a session")
    first, until = (during.first, during.until) if during else (None, None)
    return in_scope(centre.asked(name, session=session, first=first, until=until), scope)
