"""The evaluator's desk: what people enter about quality, kept in a store of its own."""

from dashboards.desk.coaching import finish_action, notes_of, write_note
from dashboards.desk.disputes import decide, dispute, withdraw
from dashboards.desk.evaluations import (
    Contact,
    Evaluator,
    acknowledge,
    answers_of,
    draft_of,
    evaluation,
    open_evaluation,
    release,
    save,
    submit,
)
from dashboards.desk.handover import hand_over
from dashboards.desk.sessions import close_session, open_session, scores_of_session
from dashboards.desk.store import Store, open_store

__all__ = [
    "Contact",
    "Evaluator",
    "Store",
    "acknowledge",
    "answers_of",
    "close_session",
    "decide",
    "dispute",
    "draft_of",
    "evaluation",
    "finish_action",
    "hand_over",
    "notes_of",
    "open_evaluation",
    "open_session",
    "open_store",
    "release",
    "save",
    "scores_of_session",
    "submit",
    "withdraw",
    "write_note",
]
