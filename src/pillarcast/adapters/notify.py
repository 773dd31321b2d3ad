"""Messages to people: e-mail, Slack, Discord, ntfy, a webhook and a hundred more, by Apprise."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from pillarcast.errors import Problem, Several, Unreachable

_APPRISE_TYPES = {"success": "success", "warning": "warning", "refusal": "warning", "failure": "failure"}


@dataclass(frozen=True)
class Message:
    """`kind` is one of `notify.on`; `body` is plain text or Markdown."""

    kind: str
    title: str
    body: str


class Notifier:
    """`urls` are Apprise URLs; they may hold secrets, so what we say of them never does."""

    def __init__(self, urls: Sequence[str]) -> None:
        self._urls = tuple(urls)

    def send(self, message: Message) -> None:
        """Once to each. Several, with every address that could not be reached or was not understood."""
        problems = [problem for url in self._urls if (problem := self._send(url, message)) is not None]
        if problems:
            raise Several(problems)

    def _send(self, url: str, message: Message) -> Problem | None:
        from apprise import Apprise, NotifyFormat, NotifyType  # noqa: PLC0415 - only who is told something loads it

        logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its lines may quote an address with its password
        service = Apprise.instantiate(url, suppress_exceptions=True)
        if service is None:
            return Problem(_scheme(url), "is no address that Apprise understands", "Look at `notify` in show.toml.")
        one = Apprise()
        one.add(service)
        is_sent = one.notify(
            title=message.title,
            body=message.body,
            body_format=NotifyFormat.MARKDOWN,
            notify_type=NotifyType(_APPRISE_TYPES[message.kind]),
        )
        return None if is_sent else not_told(service)


def not_told(service: Any) -> Problem:
    """Only kind and host of the address: the secret of a webhook is its path."""
    parts = urlsplit(str(service.url(privacy=True)))
    shown = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    return Unreachable(shown, "was not told", "Look whether address, password and server are right.").problem


def _scheme(url: str) -> str:
    return f"{url.partition(':')[0]}://…"
