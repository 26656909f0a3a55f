"""The tables of access: accounts, sessions, failed attempts and the log of who saw what; beside those of the desk."""

from __future__ import annotations

from sqlalchemy import DDL, Boolean, Column, DateTime, ForeignKey, Integer, String, Table, Text, UniqueConstraint, event

from dashboards.desk.tables import METADATA

# one row per person who may sign in; `person` is the id that the roster knows the person by
ACCOUNT = Table(
    "account",
    METADATA,
    Column("account_id", String(40), primary_key=True),
    Column("name", String(200), nullable=False, unique=True),
    Column("role", String(40), nullable=False),
    Column("person", String(200)),
    # further teams than those that the roster says somebody supervises
    Column("teams", Text, nullable=False, default=""),
    # null for somebody who signs in elsewhere: there is no password to guess or to reset
    Column("password_hash", Text),
    # who vouches for somebody who signs in elsewhere, and under which lasting name: never an e-mail address
    Column("issuer", String(400)),
    Column("subject", String(400)),
    Column("is_disabled", Boolean, nullable=False, default=False),
    Column("created_at", DateTime, nullable=False),
    Column("changed_at", DateTime, nullable=False),
    UniqueConstraint("issuer", "subject", name="one_identity"),
)

# one row per person who chose a language; everybody else is answered in the centre's
SPOKEN = Table(
    "account_language",
    METADATA,
    Column("account_id", ForeignKey("account.account_id"), primary_key=True),
    Column("language", String(20), nullable=False),
)

# one row per session; of its token only a keyed hash is kept
SESSION = Table(
    "web_session",
    METADATA,
    Column("token_hash", String(64), primary_key=True),
    Column("account_id", ForeignKey("account.account_id"), nullable=False, index=True),
    Column("started_at", DateTime, nullable=False),
    Column("seen_at", DateTime, nullable=False),
    Column("ended_at", DateTime),
    Column("ended_why", String(40)),
)

# one row per failed sign-in; who and from where are keyed hashes
FAILURE = Table(
    "sign_in_failure",
    METADATA,
    Column("failure_id", Integer, primary_key=True, autoincrement=True),
    Column("key", String(64), nullable=False, index=True),
    Column("happened_at", DateTime, nullable=False, index=True),
)

# one row per thing that somebody saw, took away, changed or was refused; each bears the hash of the one before
ENTRY = Table(
    "audit_entry",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", String(40), nullable=False),
    Column("who", String(200), nullable=False),
    Column("role", String(40), nullable=False),
    Column("what", String(60), nullable=False),
    Column("about", String(400), nullable=False, index=True),
    Column("period", String(60), nullable=False),
    Column("request", String(40), nullable=False),
    Column("count", Integer),
    Column("before", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

# one row: how many entries there are and the hash of the last, sealed with the key, so that a cut end shows
HEAD = Table(
    "audit_head",
    METADATA,
    Column("only", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("seal", String(64), nullable=False),
)

# the database itself refuses to change or delete an entry, whoever asks
for deed in ("update", "delete"):
    event.listen(
        ENTRY,
        "after_create",
        DDL(
            f"create trigger audit_entry_no_{deed} before {deed} on audit_entry "
            "begin select raise(abort, 'the log is appended to only'); end"
        ).execute_if(dialect="sqlite"),  # type: ignore[no-untyped-call]
    )
    event.listen(
        ENTRY,
        "after_create",
        DDL(f"create rule audit_entry_no_{deed} as on {deed} to audit_entry do instead nothing").execute_if(  # type: ignore[no-untyped-call]
            dialect="postgresql"
        ),
    )
