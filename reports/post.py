"""Mail: a message with a paper or with links to papers, handed to an SMTP server over an encrypted connection."""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from metrics import WrongUse
from reports.schedule import Mail

TIMEOUT = 60


def message(
    mail: Mail, to: str, subject: str, body: str, *, at: datetime, about: str, attached: Sequence[Path] = ()
) -> EmailMessage:
    """A message; the same paper to the same person has the same Message-ID whenever it is sent."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = mail.sender, to, subject
    made["Date"] = format_datetime(at)
    digest = hashlib.sha256(f"{about}\0{to}".encode()).hexdigest()[:32]
    made["Message-ID"] = f"<{digest}@{mail.sender.rpartition('@')[2] or 'fairline'}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(body)
    for path in attached:
        made.add_attachment(path.read_bytes(), maintype="application", subtype="pdf", filename=path.name)
    return made


def send(mail: Mail, made: EmailMessage, folder: Path) -> None:
    """Hand a message over; raises WrongUse that names the server and the cure, never the password."""
    where = f"{mail.host}:{mail.port}"
    try:
        with _connected(mail, folder) as server:
            if mail.user:
                server.login(mail.user, _password(mail, folder))
            server.send_message(made)
    except smtplib.SMTPAuthenticationError:
        raise WrongUse(f"{where} refused the user {mail.user!r}. Correct user and password_file in [mail].") from None
    except smtplib.SMTPNotSupportedError:
        raise WrongUse(
            f"{where} offers no STARTTLS. Mail is sent encrypted: use its other port, or encryption."
        ) from None
    except smtplib.SMTPRecipientsRefused:
        raise WrongUse(f"{where} refused the address {made['To']}. Correct it in [[delivery]].") from None
    except ssl.SSLError as error:
        raise WrongUse(
            f"{where} has a certificate that is not trusted ({error.reason}). Set ca_file in [mail]."
        ) from None
    except (OSError, smtplib.SMTPException) as error:
        raise WrongUse(f"{where} could not be reached or did not take the mail ({type(error).__name__}).") from None


def _connected(mail: Mail, folder: Path) -> smtplib.SMTP:
    ca_file = str(folder / mail.ca_file) if mail.ca_file else None
    context = ssl.create_default_context(cafile=ca_file)
    if mail.encryption == "tls":
        return smtplib.SMTP_SSL(mail.host, mail.port, timeout=TIMEOUT, context=context)
    server = smtplib.SMTP(mail.host, mail.port, timeout=TIMEOUT)
    if mail.encryption == "starttls":
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
    return server


def _password(mail: Mail, folder: Path) -> str:
    if mail.password_file is None:
        raise WrongUse("[mail] names a user and no password_file. Put the password into a file and name it there.")
    try:
        return (folder / mail.password_file).read_text(encoding="utf-8").strip()
    except OSError:
        raise WrongUse(f"The password_file {mail.password_file} of [mail] cannot be read.") from None
