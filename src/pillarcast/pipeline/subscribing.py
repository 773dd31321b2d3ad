"""Subscribers: who has a private feed, added and taken away in show.toml; the next publish does what stands there."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pillarcast.errors import ChangeRefused, SettingsError
from pillarcast.model.catalogue import Catalogue
from pillarcast.model.feed_show import Subscriber
from pillarcast.model.view import View
from pillarcast.model.wanted import WantedObject
from pillarcast.pipeline.show_file import change_show_file
from pillarcast.pipeline.studio import Studio
from pillarcast.render.feed_private import (
    PREFIX,
    SHORTEST_SECRET,
    is_open,
    private_feed_objects,
    private_key,
)
from pillarcast.render.show_toml import toml_value

_BLOCK = re.compile(
    r"^\[\[[ \t]*feed[ \t]*\.[ \t]*subscriber[ \t]*\]\][^\n]*\n?(?P<body>.*?)(?=^[ \t]*\[|\Z)", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Subscription:
    """A subscriber as of today. `url` is a secret between the owner and that subscriber. It is empty, and nobody can
    tell what stands there, while the secret that addresses are made from is missing."""

    subscriber: Subscriber
    is_open: bool
    is_public: bool
    url: str


def private_objects(studio: Studio, view: View) -> tuple[WantedObject, ...]:
    """The private feeds that should stand there today. SettingsError where the secret for their addresses is missing.

    Without the secret nobody could tell whose feed is which, and all of them would be taken away.
    """
    if not view.show.feed.subscriber:
        return ()
    check_secret(studio)
    return private_feed_objects(view, studio.feed_secret, _today(studio))


def subscriptions(studio: Studio) -> Iterator[Subscription]:
    """Everybody in show.toml; `is_public` says whether the feed stands in the bucket now."""
    catalogue = studio.store.load().catalogue
    for subscriber in studio.show.feed.subscriber:
        may = is_open(subscriber, _today(studio))
        if not _has_secret(studio):
            yield Subscription(subscriber, may, is_public=False, url="")
            continue
        key = private_key(catalogue.show_guid, subscriber, studio.feed_secret)
        yield Subscription(subscriber, may, key in catalogue.written, studio.addresses.of(key))


def has_closed_feeds(studio: Studio, catalogue: Catalogue) -> bool:
    """Whether the feed of somebody stands there who may no longer listen: the next publish takes it away.

    False without the secret, because nobody can tell then, and a publish would be refused.
    """
    standing = {key for key in catalogue.written if key.startswith(PREFIX)}
    if not standing or not _has_secret(studio):
        return False
    may = [one for one in studio.show.feed.subscriber if is_open(one, _today(studio))]
    return bool(standing - {private_key(catalogue.show_guid, one, studio.feed_secret) for one in may})


def add_subscriber(show_file: Path, name: str, expires: date | None) -> None:
    """ChangeRefused where somebody goes by that name."""

    def added(listed: list[dict[str, Any]]) -> None:
        if any(one["name"] == name for one in listed):
            mend = f"To give {name} a new address, run `pillarcast subscribers renew`."
            raise ChangeRefused(name, "is a subscriber already", mend)
        listed.append({"name": name, **({"expires": expires} if expires else {})})

    lines = ["[[feed.subscriber]]", f"name = {toml_value(name)}"]
    if expires:
        lines.append(f"expires = {expires.isoformat()}")
    change_show_file(show_file, lambda text: f"{text.rstrip()}\n\n" + "\n".join(lines) + "\n", _of_subscribers(added))


def revoke_subscriber(show_file: Path, name: str) -> None:
    """The next publish takes the feed away. ChangeRefused where nobody goes by that name."""
    _set(show_file, name, "revoked", lambda _one: True)


def renew_subscriber(show_file: Path, name: str) -> None:
    """The same subscriber at a new address; the old one answers no more after the next publish."""
    _set(show_file, name, "serial", lambda one: int(one.get("serial", 1)) + 1)


def _set(show_file: Path, name: str, key: str, value_of: Callable[[dict[str, Any]], bool | int]) -> None:
    def changed(listed: list[dict[str, Any]]) -> None:
        found = [one for one in listed if one["name"] == name]
        if not found:
            known = ", ".join(one["name"] for one in listed) or "nobody"
            raise ChangeRefused(name, "is no subscriber", f"There are: {known}.")
        found[0][key] = value_of(found[0])

    def edited(text: str) -> str:
        for block in _BLOCK.finditer(text):
            said = tomllib.loads(block["body"])
            if said.get("name") == name:
                line = f"{key} = {toml_value(value_of(said))}"
                body, count = re.subn(rf"^{key}[ \t]*=.*$", line, block["body"], count=1, flags=re.MULTILINE)
                body = body if count else f"{line}\n{block['body']}"
                return text[: block.start("body")] + body + text[block.end("body") :]
        return text

    change_show_file(show_file, edited, _of_subscribers(changed))


def _of_subscribers(change: Callable[[list[dict[str, Any]]], None]) -> Callable[[dict[str, Any]], None]:
    return lambda written: change(written.setdefault("feed", {}).setdefault("subscriber", []))


def _today(studio: Studio) -> date:
    """A day ends at the show's own midnight."""
    return studio.clock.now().astimezone(studio.show.schedule.tz).date()


def check_secret(studio: Studio) -> None:
    """SettingsError where the secret that addresses of private feeds are made from is missing."""
    if not _has_secret(studio):
        mend = f"Give it {SHORTEST_SECRET} random characters or more; `openssl rand -hex 32` makes some. Then keep it."
        raise SettingsError("PILLARCAST_FEED_SECRET", "is missing or too short, and subscribers need it", mend)


def _has_secret(studio: Studio) -> bool:
    return len(studio.feed_secret) >= SHORTEST_SECRET
