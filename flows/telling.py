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
from pillarcast.errors import PillarcastError, Problem
from pillarcast.model.base import digest
from pillarcast.model.show import Notify

AGAIN_AFTER_S = 6 * 3600
"""What a run repeats every quarter of an hour, until somebody mends it, is told once in so long."""


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
        """Sends the message; of trouble, one for the same words, or for the same `once`. One that does not arrive is
        said in the log and changes nothing else."""
        if kind.value not in self.wanted.on:
            return
        if kind is not Kind.SUCCESS and self._is_told(once or digest(title, [str(problem) for problem in problems])):
            return
        body = words or "\n".join(f"- {problem}" for problem in problems)
        try:
            Notifier((*self.wanted.urls, *NotifySecrets().urls)).send(Message(kind.value, title, body))
        except PillarcastError as error:
            _logger().warning(str(error))

    def _is_told(self, what: str) -> bool:
        """Whether the same was told not long ago; notes that it is told now."""
        if self.work is None:
            return False
        path, now = self.work / "told.json", time.time()
        told = {key: at for key, at in _read(path).items() if now - at < AGAIN_AFTER_S}
        if what in told:
            return True
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(told | {what: now}), "utf-8")
        return False


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
