"""A mail server for tests: speaks SMTP with STARTTLS over a real socket and keeps what it was handed."""

from __future__ import annotations

import socket
import socketserver
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path


@dataclass
class Mailbox:
    """What arrived, whether it came over an encrypted connection, and where the server listens."""

    port: int = 0
    certificate: Path = Path()
    mails: list[EmailMessage] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)


@contextmanager
def mail_server(folder: Path) -> Iterator[Mailbox]:
    """Serve on a free port with a certificate of its own."""
    box = Mailbox(certificate=folder / "mail.pem")
    command = [
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
        "-addext", "subjectAltName=DNS:localhost", "-keyout", str(folder / "key.pem"), "-out", str(box.certificate),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(box.certificate, folder / "key.pem")

    class Conversation(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            _converse(self.request, context, box)

    with socketserver.ThreadingTCPServer(("localhost", 0), Conversation) as server:
        server.daemon_threads = True
        box.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield box
        server.shutdown()
        thread.join()


def _converse(plain: socket.socket, context: ssl.SSLContext, box: Mailbox) -> None:
    """Answer until the other side takes its leave or asks for encryption; then the same over TLS."""
    if _answered(plain, box, is_encrypted=False) == "STARTTLS":
        with context.wrap_socket(plain, server_side=True) as secured:
            _answered(secured, box, is_encrypted=True)


def _answered(connection: socket.socket, box: Mailbox, *, is_encrypted: bool) -> str:
    """Answer each line; how the conversation ended."""

    def say(words: str) -> None:
        connection.sendall(f"{words}\r\n".encode())

    with connection.makefile("rb") as file:
        if not is_encrypted:
            say("220 test")
        while line := file.readline():
            verb = line[:4].upper().strip()
            if verb in (b"EHLO", b"HELO"):
                say("250 test" if is_encrypted else "250-test\r\n250 STARTTLS")
            elif verb == b"STAR":
                say("220 go on")
                return "STARTTLS"
            elif verb == b"RCPT" and any(address.encode() in line for address in box.refuses):
                say("550 nobody of that name")
            elif verb == b"DATA":
                say("354 speak")
                lines = list(iter(file.readline, b".\r\n"))
                box.mails.append(message_from_bytes(b"".join(lines), policy=default))
                box.encrypted.append(is_encrypted)
                say("250 taken")
            elif verb == b"QUIT":
                say("221 bye")
                return "QUIT"
            else:
                say("250 yes")
    return ""
