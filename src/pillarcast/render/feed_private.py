"""Private feeds: one a subscriber, at an address that holds a token and nobody can guess.

The token is an HMAC of the subscriber's name, so show.toml holds no secret, and whoever loses the secret of the
environment can give every subscriber a new address at once.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import date

from pillarcast.model.feed_show import Subscriber
from pillarcast.model.view import View
from pillarcast.model.wanted import PRIVATE, WantedObject
from pillarcast.render.feed import PARTS, document, head_of, newest, shown_parts
from pillarcast.render.feed_books import bound
from pillarcast.render.feed_document import Surroundings

PREFIX = "public/for/"
SHORTEST_SECRET = 16
_TOKEN_CHARACTERS = 40
"""`errors.masked` knows addresses of private feeds by it."""


def private_feed_objects(view: View, secret: bytes, today: date) -> tuple[WantedObject, ...]:
    """The feeds of subscribers who may listen on `today`. What is left out is taken away by the next plan."""
    open_to = [one for one in view.show.feed.subscriber if is_open(one, today)]
    if not open_to:
        return ()
    private = head_of(_private(view))
    shown, parts = shown_parts(view, PARTS)
    sources = bound(shown, parts).sources
    around = Surroundings(newest(view), is_private=True)
    keys = [private_key(view.show_guid, one, secret) for one in open_to]
    return tuple(_feed(private, key, around, parts, sources) for key in keys)


def is_open(subscriber: Subscriber, today: date) -> bool:
    return not subscriber.revoked and (subscriber.expires is None or today <= subscriber.expires)


def private_key(show_guid: str, subscriber: Subscriber, secret: bytes) -> str:
    """Where the feed of a subscriber stands. ValueError without a secret."""
    if len(secret) < SHORTEST_SECRET:
        raise ValueError(f"the secret of private feeds must have at least {SHORTEST_SECRET} characters")
    said = f"{show_guid}\n{subscriber.name}\n{subscriber.serial}".encode()
    token = hmac.new(secret, said, hashlib.sha256).hexdigest()[:_TOKEN_CHARACTERS]
    return f"{PREFIX}{token}/feed.xml"


def _private(view: View) -> View:
    """The show as subscribers get it: told to no hub and to no directory, and not sent to the public feed."""
    changes = {"hubs": (), "podping": False, "locked": True, "block": False, "blocks": (), "new_feed_url": ""}
    feed = view.show.feed.model_copy(update=changes)
    return view.model_copy(update={"show": view.show.model_copy(update={"feed": feed})})


def _feed(
    head: View, key: str, around: Surroundings, parts: Sequence[WantedObject], sources: Sequence[WantedObject]
) -> WantedObject:
    return document(head, key, around, parts, sources, title="private feed", cache_control=PRIVATE)[0]
