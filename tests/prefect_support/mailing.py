"""Who is told: a real SMTP server that wants a password, and a real receiver of webhooks."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from flows.starting import free_port

PASSWORD = "s3cret"


@dataclass
class Mailbox:
    """What an SMTP server was given. `url` is its address for Apprise, with the password in it."""

    url: str = field(default="", repr=False)
    envelopes: list[Envelope] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.envelopes.append(envelope)
        return "250 OK"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any
    ) -> AuthResult:
        self.logins.append(mechanism)
        return AuthResult(success=isinstance(given, LoginPassword) and given.password == PASSWORD.encode())

    @property
    def mails(self) -> list[EmailMessage]:
        return [_parse(envelope) for envelope in self.envelopes]


def _parse(envelope: Envelope) -> EmailMessage:
    assert isinstance(envelope.content, bytes)
    mail = message_from_bytes(envelope.content, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("html", "plain"))
    assert body is not None
    return str(body.get_content())


@contextmanager
def smtp_server() -> Iterator[Mailbox]:
    mailbox, port = Mailbox(), free_port()
    controller = Controller(
        mailbox,
        hostname="127.0.0.1",
        port=port,
        authenticator=mailbox.authenticate,
        auth_require_tls=False,
        auth_required=True,
    )
    controller.start()
    mailbox.url = f"mailto://helen:{PASSWORD}@127.0.0.1:{port}?from=desk@example.com&to=owner@example.com&mode=insecure"
    try:
        yield mailbox
    finally:
        controller.stop()


@dataclass
class Receiver:
    """What a webhook was sent. `url` is its address for Apprise."""

    url: str
    messages: list[dict[str, Any]]

    @property
    def told(self) -> list[tuple[str, str]]:
        """Kind and title of each message."""
        return [(message["type"], message["title"]) for message in self.messages]


@contextmanager
def webhook() -> Iterator[Receiver]:
    messages: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            messages.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Receiver(f"json://127.0.0.1:{server.server_port}", messages)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
