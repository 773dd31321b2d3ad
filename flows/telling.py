"""Telling somebody: one message for a run, at its outermost level, when show.toml asks for that kind."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from prefect import get_run_logger
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from pillarcast.adapters.notify import Message, Notifier
from pillarcast.errors import PillarcastError, Problem
from pillarcast.model.show import Notify


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


def tell_somebody(wanted: Notify, kind: Kind, title: str, problems: Sequence[Problem], words: str = "") -> None:
    """Sends the message. One that does not arrive is said in the log and changes nothing else."""
    if kind.value not in wanted.on:
        return
    body = words or "\n".join(f"- {problem}" for problem in problems)
    try:
        Notifier((*wanted.urls, *NotifySecrets().urls)).send(Message(kind.value, title, body))
    except PillarcastError as error:
        get_run_logger().warning(str(error))
