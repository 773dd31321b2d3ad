"""Messages over a real SMTP server and a real HTTP receiver: once, with reason and mend, and no secret in our words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.telling import Kind, Teller
from pillarcast.adapters.notify import Message, Notifier
from pillarcast.errors import PillarcastError, Problem
from pillarcast.model.show import Notify
from tests.prefect_support.mailing import PASSWORD, Mailbox, Receiver, smtp_server, text_of, webhook

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
PROBLEM = Problem("042.wav", "is silent from beginning to end", "Record it again.")


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with smtp_server() as running:
        yield running


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with webhook() as running:
        yield running


def test_a_mail_says_reason_and_mend(mailbox: Mailbox) -> None:
    Notifier([mailbox.url]).send(Message("refusal", "Good Standing: 042.wav was refused", f"- {PROBLEM}"))
    (mail,) = mailbox.mails
    assert mail["Subject"] == "Good Standing: 042.wav was refused"
    assert mailbox.envelopes[0].rcpt_tos == ["owner@example.com"]
    assert "042.wav: is silent from beginning to end. Record it again." in text_of(mail)
    assert mailbox.logins


def test_a_webhook_gets_it_too(receiver: Receiver) -> None:
    Notifier([receiver.url]).send(Message("failure", "Not published", "- the bucket is away"))
    assert receiver.told == [("failure", "Not published")]
    assert "the bucket is away" in receiver.messages[0]["message"]


def test_who_cannot_be_told_is_named_without_the_secret(receiver: Receiver) -> None:
    away = f"mailto://helen:{PASSWORD}@127.0.0.1:9?to=a@example.com&mode=insecure"
    with pytest.raises(PillarcastError) as raised:
        Notifier([away, f"nonsense://{PASSWORD}@x", receiver.url]).send(Message("warning", "t", "b"))
    assert len(receiver.messages) == 1  # the others are told all the same
    assert PASSWORD not in str(raised.value)
    assert str(raised.value).count("\n") == 1
    assert "nonsense://…: is no address that Apprise understands" in str(raised.value)


def test_a_wrong_password_is_said_without_it(mailbox: Mailbox) -> None:
    with pytest.raises(PillarcastError, match="was not told") as raised:
        Notifier([mailbox.url.replace(PASSWORD, "0ther")]).send(Message("warning", "t", "b"))
    assert "0ther" not in str(raised.value)
    assert not mailbox.envelopes


def test_where_nothing_can_be_kept_it_is_told_once_all_the_same(receiver: Receiver, tmp_path: Path) -> None:
    (tmp_path / "told.json").mkdir()  # as on a full disk, nothing can be written there
    for _minute in range(3):
        Teller(Notify(urls=(receiver.url,)), tmp_path).tell(Kind.FAILURE, "weekly was cut off", [PROBLEM])
    assert [title for _, title in receiver.told] == ["weekly was cut off"]


def test_only_what_show_toml_asks_for_is_told_and_trouble_only_once(receiver: Receiver, tmp_path: Path) -> None:
    teller = Teller(Notify(urls=(receiver.url,), on=("success", "refusal")), tmp_path)
    teller.tell(Kind.WARNING, "a warning", [PROBLEM])
    for _ in range(3):
        teller.tell(Kind.REFUSAL, "refused", [PROBLEM])
        teller.tell(Kind.SUCCESS, "live", (), "It is live.")
    assert [title for _, title in receiver.told] == ["refused", "live", "live", "live"]


def test_what_reached_nobody_is_told_again_and_what_reached_one_is_not(receiver: Receiver, tmp_path: Path) -> None:
    away = "json://127.0.0.1:9/"
    Teller(Notify(urls=(away,)), tmp_path).tell(Kind.FAILURE, "the bucket is away", [PROBLEM])
    for _ in range(2):
        Teller(Notify(urls=(away, receiver.url)), tmp_path).tell(Kind.FAILURE, "the bucket is away", [PROBLEM])
    assert receiver.told == [("failure", "the bucket is away")]


def test_two_runs_with_the_same_words_are_told_apart(receiver: Receiver, tmp_path: Path) -> None:
    teller = Teller(Notify(urls=(receiver.url,)), tmp_path)
    for run in ("first", "second", "first"):
        teller.tell(Kind.FAILURE, "cut off", [PROBLEM], once=run)
    assert len(receiver.messages) == 2


def test_addresses_with_secrets_come_from_the_environment(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PILLARCAST_NOTIFY_URLS", f" {receiver.url}  {receiver.url} ")
    Teller(Notify(on=("failure",))).tell(Kind.FAILURE, "failed", [PROBLEM])
    assert len(receiver.messages) == 2
