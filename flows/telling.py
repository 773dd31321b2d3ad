"""Telling somebody: one message for a run, at its outermost level, when show.toml asks for that kind."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from prefect import get_run_logger
from prefect.exceptions import MissingContextError
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from pillarcast.adapters.notify import Message, Notifier
from pillarcast.errors import PillarcastError, Problem, problems_of
from pillarcast.model.base import digest
from pillarcast.model.show import Notify

AGAIN_AFTER_S = 6 * 3600
"""What a run repeats every quarter of an hour, until somebody mends it, is told once in so long."""
_TOLD = "told.json"
_UNWRITTEN: dict[Path, dict[str, float]] = {}
"""What could not be kept in the file of a work folder."""


class Kind(StrEnum):
    """What `notify.on` in show.toml chooses from."""

    SUCCESS = "success"
    WARNING = "warning"
    REFUSAL = "refusal"
    FAILURE = "failure"


class NotifySecrets(BaseSettings):
    """`PILLARCAST_NOTIFY_URLS`: addresses with passwords or tokens in them, separated by blanks."""

    model_config = SettingsConfigDict(env_prefix="PILLARCAST_", extra="ignore")

    notify_urls: SecretStr = SecretStr("")

    @property
    def urls(self) -> tuple[str, ...]:
        return tuple(self.notify_urls.get_secret_value().split())


@dataclass
class Teller:
    """`wanted` and `work` are known once the show's house is open; before that everything is told."""

    wanted: Notify = field(default_factory=Notify)
    work: Path | None = None

    def tell(self, kind: Kind, title: str, problems: Sequence[Problem], words: str = "", *, once: str = "") -> None:
        """Sends the message; of trouble, one for the same words, and of all kinds, one for the same `once`. One that
        does not arrive is said in the log and changes nothing else; one that reached nobody counts as not told."""
        if kind.value not in self.wanted.on:
            return
        what = once or digest(title, [str(problem) for problem in problems])
        is_told_once = bool(once) or kind is not Kind.SUCCESS
        if is_told_once and what in self._told():
            return
        body = words or "\n".join(f"- {problem}" for problem in problems)
        if self._has_arrived(Message(kind.value, title, body)) and is_told_once:
            self._note(what)

    def _has_arrived(self, message: Message) -> bool:
        """With anybody at all: who was reached is not told again because another one was not."""
        urls = (*self.wanted.urls, *NotifySecrets().urls)
        try:
            Notifier(urls).send(message)
        except PillarcastError as error:
            _logger().warning(str(error))
            return len(problems_of(error)) < len(urls)
        return True

    def _told(self) -> dict[str, float]:
        """What was told not long ago, and when."""
        known = _UNWRITTEN.get(self.work, {}) | _read(self.work / _TOLD) if self.work else {}
        return {what: at for what, at in known.items() if time.time() - at < AGAIN_AFTER_S}

    def _note(self, what: str) -> None:
        """Where the disk is full, this process remembers: the message has gone, and must not go each minute."""
        if self.work is None:
            return
        told = self._told() | {what: time.time()}
        try:
            self.work.mkdir(parents=True, exist_ok=True)
            (self.work / _TOLD).write_text(json.dumps(told), "utf-8")
        except OSError as error:
            _UNWRITTEN[self.work] = told
            _logger().warning("What was told cannot be kept (%s).", error.strerror)


def _logger() -> logging.Logger | logging.LoggerAdapter[logging.Logger]:
    """The run's log, or that of the process that serves the runs."""
    try:
        return get_run_logger()
    except MissingContextError:
        return logging.getLogger("pillarcast.telling")


def _read(path: Path) -> dict[str, float]:
    try:
        return {str(key): float(at) for key, at in json.loads(path.read_text("utf-8")).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
