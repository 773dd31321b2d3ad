"""Messages over a real SMTP server and a real HTTP receiver: once, with reason and mend, and no secret in our words."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from flows.telling import Kind, Teller
from pillarcast.adapters.notify import Message, Notifier
from pillarcast.errors import PillarcastError, Problem
from pillarcast.model.show import Notify

PROBLEM = Problem("042.wav", "is silent from beginning to end", "Record it again.")


@dataclass
class Mailbox:
    """What an SMTP server was given."""

    mails: list[Envelope] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.mails.append(envelope)
        return "250 OK"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any
    ) -> AuthResult:
        is_right = isinstance(given, LoginPassword) and given.password == b"s3cret"
        self.logins.append(mechanism)
        return AuthResult(success=is_right)


@pytest.fixture
def smtp() -> Iterator[tuple[Mailbox, str]]:
    mailbox = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(
        mailbox,
        hostname="127.0.0.1",
        port=port,
        authenticator=mailbox.authenticate,
        auth_require_tls=False,
        auth_required=True,
    )
    controller.start()
    url = f"mailto://helen:s3cret@127.0.0.1:{port}?from=desk@example.com&to=owner@example.com&mode=insecure"
    yield mailbox, url
    controller.stop()


@pytest.fixture
def webhook() -> Iterator[tuple[list[dict[str, Any]], str]]:
    received: list[dict[str, Any]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield received, f"json://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_mail_says_reason_and_mend(smtp: tuple[Mailbox, str]) -> None:
    mailbox, url = smtp
    Notifier([url]).send(Message("refusal", "Good Standing: 042.wav was refused", f"- {PROBLEM}"))
    (envelope,) = mailbox.mails
    assert isinstance(envelope.content, bytes)
    mail = message_from_bytes(envelope.content, policy=default)
    assert mail["Subject"] == "Good Standing: 042.wav was refused"
    assert envelope.rcpt_tos == ["owner@example.com"]
    body = mail.get_body(("html", "plain"))
    assert body is not None
    assert "042.wav: is silent from beginning to end. Record it again." in body.get_content()
    assert mailbox.logins


def test_a_webhook_gets_it_too(webhook: tuple[list[dict[str, Any]], str]) -> None:
    received, url = webhook
    Notifier([url]).send(Message("failure", "Not published", "- the bucket is away"))
    (message,) = received
    assert (message["title"], message["type"]) == ("Not published", "failure")
    assert "the bucket is away" in message["message"]


def test_who_cannot_be_told_is_named_without_the_secret(webhook: tuple[list[dict[str, Any]], str]) -> None:
    received, url = webhook
    wrong = ["mailto://helen:s3cret@127.0.0.1:9?to=a@example.com&mode=insecure", "nonsense://s3cret@x", url]
    with pytest.raises(PillarcastError) as raised:
        Notifier(wrong).send(Message("warning", "t", "b"))
    assert len(received) == 1  # the others are told all the same
    assert "s3cret" not in str(raised.value)
    assert str(raised.value).count("\n") == 1
    assert "nonsense://…: is no address that Apprise understands" in str(raised.value)


def test_only_what_show_toml_asks_for_is_told_and_trouble_only_once(
    webhook: tuple[list[dict[str, Any]], str], tmp_path: Path
) -> None:
    received, url = webhook
    teller = Teller(Notify(urls=(url,), on=("success", "refusal")), tmp_path)
    teller.tell(Kind.WARNING, "a warning", [PROBLEM])
    for _ in range(3):
        teller.tell(Kind.REFUSAL, "refused", [PROBLEM])
        teller.tell(Kind.SUCCESS, "live", (), "It is live.")
    assert [message["title"] for message in received] == ["refused", "live", "live", "live"]


def test_addresses_with_secrets_come_from_the_environment(
    webhook: tuple[list[dict[str, Any]], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    received, url = webhook
    monkeypatch.setenv("PILLARCAST_NOTIFY_URLS", f" {url}  {url} ")
    Teller(Notify(on=("failure",))).tell(Kind.FAILURE, "failed", [PROBLEM])
    assert len(received) == 2
