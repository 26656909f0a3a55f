"""Evaluations that something speaks against: set aside, counted nowhere, and listed with reason, file and line."""

from __future__ import annotations

import polars as pl

from metrics.centre import Centre
from metrics.language import N_, _
from metrics.period import Period
from metrics.quality.frames import in_scope
from metrics.scope import Scope

# why an evaluation is not counted, in the words of a table; `text.plain_words` makes them of the codes
STANDINGS = (
    N_("unknown agent"), N_("unknown contact"), N_("agent not on contact"), N_("evaluated own work"),
    N_("evaluated own team"), N_("unknown form"), N_("answer outside scale"), N_("incomplete"), N_("item not on form"),
    N_("set aside"), N_("superseded"), N_("calibration"), N_("self"), N_("not released"), N_("targeted"),
)  # fmt: skip
WORDS = {
    "unknown_agent": N_("The agent {} is in no roster. Load the roster, or correct the id."),
    "unknown_contact": N_("The contact is not in the warehouse. Load the calls of that day, or correct the call id."),
    "agent_not_on_contact": N_("The agent {} took no part in the contact. Correct the agent or the call id."),
    "evaluated_own_work": N_(
        "The evaluator {} scored own work. Mark it as a self evaluation, or let another evaluate."
    ),
    "evaluated_own_team": N_("The evaluator {} scored the own team, which the form refuses. Let another evaluate."),
    "unknown_form": N_("The form version {} is not known, so its reported score stands. Put its file into forms/."),
    "answer_outside_scale": N_("The answer to item {} is outside its scale on the form version. Correct the points."),
    "incomplete": N_("Item {} was left unanswered; that is not the same as not applicable. Answer it."),
    "item_not_on_form": N_("Item {} is not on the form version that was named. Correct the version or the item."),
}


def faults(centre: Centre, *, during: Period, scope: Scope) -> pl.DataFrame:
    """One row per evaluation and reason: `reason`, `message`, `sets_aside`, who and when, `source_file` and `line`.

    What is set aside enters no score until it is corrected at its source and loaded again; nothing is lost.
    """
    frame = in_scope(centre.named("quality/fault", first=during.first, until=during.until), scope)
    message = [
        _(WORDS[reason]).format(detail if detail is not None else _("(none)"))
        for reason, detail in frame.select("reason", "detail").iter_rows()
    ]
    return frame.with_columns(message=pl.Series(message, dtype=pl.String))
