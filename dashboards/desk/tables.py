"""The desk's own tables: what people enter, kept transactionally, on SQLite or on Postgres alike."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

METADATA = MetaData()

# one row per evaluation; after submission only its state and instants change, never its answers or its score
EVALUATION = Table(
    "evaluation",
    METADATA,
    Column("evaluation_id", String(40), primary_key=True),
    Column("form_id", String(100), nullable=False),
    Column("form_version", String(100), nullable=False),
    Column("contact_source", String(100), nullable=False),
    Column("contact_key", String(200), nullable=False),
    Column("contact_at", DateTime, nullable=False),
    Column("agent_id", String(200), nullable=False),
    Column("evaluator_id", String(200), nullable=False),
    Column("type", String(20), nullable=False),
    Column("selection", String(20), nullable=False),
    # an empty text where there is none: null would defeat the uniqueness below
    Column("session_id", String(100), nullable=False, default=""),
    Column("supersedes", String(40), ForeignKey("evaluation.evaluation_id"), unique=True),
    Column("state", String(20), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("draft", Text, nullable=False),
    Column("comment", Text, nullable=False, default=""),
    Column("raw_score", Float),
    Column("final_score", Float),
    Column("opened_at", DateTime, nullable=False),
    Column("saved_at", DateTime, nullable=False),
    Column("submitted_at", DateTime),
    Column("released_at", DateTime),
    Column("acknowledged_at", DateTime),
    # opening twice, from two windows or by a double click, gives the same evaluation
    UniqueConstraint(
        "contact_source", "contact_key", "agent_id", "evaluator_id", "type", "session_id", name="one_evaluation"
    ),
)

# a contact's agent is evaluated once: by two evaluators only in a calibration session, and again only as a re-score
ONE_STANDARD = Index(
    "one_standard_evaluation",
    EVALUATION.c.contact_source,
    EVALUATION.c.contact_key,
    EVALUATION.c.agent_id,
    unique=True,
    sqlite_where=EVALUATION.c.type == "standard",
    postgresql_where=EVALUATION.c.type == "standard",
)

# one row per answer of a submitted evaluation
ANSWER = Table(
    "answer",
    METADATA,
    Column("evaluation_id", ForeignKey("evaluation.evaluation_id"), primary_key=True),
    Column("item_id", String(100), primary_key=True),
    Column("points", Float),
    Column("max_points", Float),
    Column("is_na", Boolean, nullable=False),
    Column("failed", Boolean, nullable=False),
    Column("value", Text),
)

# one row per dispute; an evaluation may have several, one after the other
DISPUTE = Table(
    "dispute",
    METADATA,
    Column("dispute_id", String(40), primary_key=True),
    Column("evaluation_id", ForeignKey("evaluation.evaluation_id"), nullable=False),
    Column("opened_at", DateTime, nullable=False),
    Column("opened_by", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("items", Text, nullable=False),
    Column("decide_by", DateTime, nullable=False),
    Column("decision", String(20)),
    Column("decided_at", DateTime),
    Column("decided_by", String(200)),
    Column("note", Text, nullable=False, default=""),
    Column("rescore_id", ForeignKey("evaluation.evaluation_id")),
)

# one row per calibration session: blind until it is closed
SESSION = Table(
    "calibration_session",
    METADATA,
    Column("session_id", String(100), primary_key=True),
    Column("form_id", String(100), nullable=False),
    Column("form_version", String(100), nullable=False),
    Column("evaluators", Text, nullable=False),
    Column("contacts", Text, nullable=False),
    Column("due_at", DateTime, nullable=False),
    Column("closed_at", DateTime),
)

# one row per coaching note, action or commendation; a correction is another row that names it
NOTE = Table(
    "coaching_note",
    METADATA,
    Column("note_id", String(40), primary_key=True),
    Column("agent_id", String(200), nullable=False, index=True),
    Column("evaluation_id", ForeignKey("evaluation.evaluation_id")),
    Column("kind", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("written_by", String(200), nullable=False),
    Column("written_at", DateTime, nullable=False),
    Column("due_on", Date),
    Column("done_at", DateTime),
    Column("done_by", String(200)),
)

# one row per figure of the own work that an agent says is not right, with the answer once there is one
QUESTION = Table(
    "figure_question",
    METADATA,
    Column("question_id", String(40), primary_key=True),
    Column("agent_id", String(200), nullable=False, index=True),
    Column("metric", String(100), nullable=False),
    Column("first_on", Date, nullable=False),
    Column("until_on", Date, nullable=False),
    Column("value", String(100), nullable=False),
    Column("reason", Text, nullable=False),
    Column("asked_at", DateTime, nullable=False),
    Column("answer", Text),
    Column("answered_at", DateTime),
    Column("answered_by", String(200)),
)

# one row per thing that happened, never changed and never deleted
EVENT = Table(
    "event",
    METADATA,
    Column("event_id", Integer, primary_key=True, autoincrement=True),
    Column("happened_at", DateTime, nullable=False),
    Column("who", String(200), nullable=False),
    Column("what", String(40), nullable=False),
    Column("subject", String(100), nullable=False, index=True),
    Column("detail", Text, nullable=False, default=""),
)
