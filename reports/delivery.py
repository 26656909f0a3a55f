"""Scheduled reports: made when their data are there, mailed once, written down; somebody is told of failures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

import metrics
from metrics import Centre, Period, WrongUse, text
from metrics.delivery_log import State, delivery_log, note_delivery
from metrics.language import N_, _, speaking, spoken_by
from metrics.written import turn
from reports.batch import Wanted, everybody, packets
from reports.completeness import missing
from reports.daily_sheet import daily
from reports.monthly_report import monthly
from reports.people import NO_NOTES, Notes
from reports.post import message, send
from reports.quality_report import quality_report
from reports.review_packet import period_name
from reports.schedule import Delivery, Mail, Recipient, schedule

FOLDER = "deliveries"
MOST_LINKS = 200
NotesOf = Callable[[Sequence[str]], Notes]


@dataclass(frozen=True)
class Delivered:
    """What became of one report for one recipient."""

    delivery: str
    recipient: str
    state: State
    message: str

    @property
    def words(self) -> str:
        """One line for a terminal or a log."""
        return f"{self.delivery} to {self.recipient}: {self.state}{f' ({self.message})' if self.message else ''}"


@dataclass(frozen=True)
class Run:
    """A delivery of a period, as far as it has to be done."""

    centre: Centre
    mail: Mail
    delivery: Delivery
    period: Period
    due_at: datetime
    now: datetime
    notes_of: NotesOf | None

    @property
    def name(self) -> str:
        """The period in the log and in file names."""
        return period_name(self.period)

    @property
    def is_late(self) -> bool:
        """Whether the time for which data are waited is over."""
        return self.now >= self.due_at + timedelta(hours=self.delivery.wait_hours)

    def note(self, recipient: str, state: State, told: str) -> Delivered:
        """Write down what happened."""
        note_delivery(
            self.centre.folder, at=self.now, delivery=self.delivery.name, report=self.delivery.report,
            period=self.name, recipient=recipient, state=state, message=told,
        )  # fmt: skip
        return Delivered(self.delivery.name, recipient, state, told)


# how a mail is headed, by its report
SUBJECTS: dict[str, str] = {
    "daily": N_("{name}: daily report, {period}"),
    "packet": N_("{name}: packet report, {period}"),
    "monthly": N_("{name}: monthly report, {period}"),
    "quality": N_("{name}: quality report, {period}"),
}


def deliver(folder: Path, *, now: datetime, notes_of: NotesOf | None = None) -> list[Delivered]:
    """Send what is due and was not sent; run it as often as you like. Raises WrongUse for a wrong schedule.

    `notes_of` gives what supervisors wrote about agents. One run at a time: another would send the same once more.
    """
    mail, deliveries = schedule(folder)
    with _alone(folder), metrics.open_centre(folder, stays=True) as centre:
        found: list[Delivered] = []
        for one in deliveries:
            period, due_at = one.due(now, centre.timezone)
            found += _delivered(Run(centre, mail, one, period, due_at, now, notes_of))
    return found


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    (folder / FOLDER).mkdir(mode=0o700, exist_ok=True)
    with turn(folder / FOLDER / ".lock") as is_ours:
        if not is_ours:
            raise WrongUse("Another fairline deliver is still at work here. Run this again when it has ended.")
        yield


def _delivered(run: Run) -> Iterator[Delivered]:
    log = delivery_log(run.centre.folder).filter(pl.col("delivery") == run.delivery.name)
    ahead = (pl.col("state") == "sent") & (pl.col("at") > run.now.astimezone(UTC)) & (pl.col("period") > run.name)
    if not log.filter(ahead).is_empty():
        # the clock was set back: nobody is sent what is older than what they have
        return
    log = log.filter(pl.col("period") == run.name)
    sent = set(log.filter(pl.col("state") == "sent")["recipient"])
    left = [one for one in run.delivery.to if one.address not in sent]
    if not left:
        return
    told = log.filter(pl.col("state") == "noticed")["message"].to_list()
    lacking = " ".join(missing(run.centre, run.delivery.report, run.period, scope=left[0].scope))
    for one in left:
        if lacking:
            state: State = "late" if run.is_late else "waiting"
            yield run.note(one.address, state, lacking)
            if run.is_late:
                yield from _notice(run, f"{one.address} has not got it: {lacking}", told)
            continue
        try:
            _sent(run, one)
        except Exception as error:
            # the text of an unforeseen error may quote a record
            reason = str(error) if isinstance(error, WrongUse) else f"{type(error).__name__} while making the report."
            yield run.note(one.address, "failed", reason)
            yield from _notice(run, f"{one.address} has not got it: {reason}", told)
        else:
            yield run.note(one.address, "sent", "late" if run.is_late else "")


def _sent(run: Run, to: Recipient) -> None:
    """Make the report for what one recipient may see, in the recipient's language, and mail it or the link to it."""
    with speaking(to.language or spoken_by(run.centre.folder)):
        _made_and_sent(run, to)


def _made_and_sent(run: Run, to: Recipient) -> None:
    # each scope has its own copy: a supervisor's link never leads into another team's folder
    whose = "-".join(filter(None, [to.role, to.team, to.agent, to.language]))
    out = run.centre.folder / FOLDER / run.delivery.name / run.name / _safe(whose)
    papers = [path for path in WRITERS[run.delivery.report](run, to, out) if path.suffix == ".pdf"]
    subject = _(SUBJECTS[run.delivery.report]).format(name=run.centre.name, period=text.period(run.period))
    attached = papers if run.delivery.is_attached else []
    made = message(
        run.mail, to.address, subject, _body(run, papers), at=run.now, about=f"{run.delivery.name} {run.name}",
        attached=attached,
    )  # fmt: skip
    send(run.mail, made, run.centre.folder)


def _body(run: Run, papers: Sequence[Path]) -> str:
    lines = [f"{run.centre.name}, {text.period(run.period)}.", ""]
    if run.delivery.is_attached:
        lines += [_("The report is attached.")]
    else:
        root = run.centre.folder / FOLDER
        base = (run.mail.links or "").rstrip("/")
        lines += [_("This report is about people and is read in its place:"), ""]
        lines += [f"{base}/{path.relative_to(root).as_posix()}" for path in papers[:MOST_LINKS]]
        more = len(papers) - MOST_LINKS
        lines += [_("and {more} more in the same folder").format(more=more)] if more > 0 else []
    lines += ["", _("Snapshot {snapshot}. Sent by Fairline; do not answer.").format(snapshot=run.centre.snapshot)]
    return "\n".join(lines) + "\n"


def _notice(run: Run, words: str, told: Sequence[str]) -> Iterator[Delivered]:
    """Tell those who look after it, once for each cause."""
    if words in told:
        return
    subject = f"{run.centre.name}: {run.delivery.name} of {run.name} was not delivered"
    for address in run.mail.tell:
        made = message(run.mail, address, subject, words + "\n", at=run.now, about=f"notice {run.name} {words}")
        try:
            send(run.mail, made, run.centre.folder)
        except WrongUse as error:
            yield run.note(address, "failed", str(error))
        else:
            yield run.note(address, "noticed", words)


def _safe(words: str) -> str:
    return "".join(letter if letter.isalnum() or letter == "-" else "_" for letter in words)


# ---- how each report is made ---------------------------------------------------------------------------------------


def _daily(run: Run, to: Recipient, out: Path) -> list[Path]:
    return daily(run.centre, run.period.first, out, team=to.team, scope=to.scope)


def _packets(run: Run, to: Recipient, out: Path) -> list[Path]:
    agents = [to.agent] if to.agent else everybody(run.centre, run.period, scope=to.scope)
    notes = run.notes_of(agents) if run.notes_of else NO_NOTES
    batch = packets(run.centre, agents, Wanted(run.period, out, to.scope, notes), workers=2)
    if batch.failed:
        raise WrongUse(
            f"{text.number_of(len(batch.failed), 'packet')} could not be written: {', '.join(batch.failed)}."
        )
    return sorted(out.glob("packet-*.pdf"))


def _monthly(run: Run, _: Recipient, out: Path) -> list[Path]:
    return monthly(run.centre, run.period.first, out, scope=metrics.Scope.whole_centre())


def _quality(run: Run, _: Recipient, out: Path) -> list[Path]:
    return quality_report(run.centre, run.period, out, scope=metrics.Scope.whole_centre())


WRITERS: dict[str, Callable[[Run, Recipient, Path], list[Path]]] = {
    "daily": _daily,
    "packet": _packets,
    "monthly": _monthly,
    "quality": _quality,
}
