"""Private feeds: one a subscriber, at an address that holds a token and nobody can guess.

The token is an HMAC of the subscriber's name, so show.toml holds no secret, and whoever loses the secret of the
environment can give every subscriber a new address at once.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from datetime import date

from pillarcast.model.feed_show import Subscriber
from pillarcast.model.view import View
from pillarcast.model.wanted import PRIVATE, WantedObject
from pillarcast.render.feed import PARTS, document, newest, shown_parts
from pillarcast.render.feed_document import Place

PREFIX = "public/for/"
_TOKEN_CHARACTERS = 40


def private_feed_objects(view: View, secret: bytes, today: date) -> tuple[WantedObject, ...]:
    """The feeds of subscribers who may listen on `today`. What is left out is taken away by the next plan."""
    parts = shown_parts(view, PARTS)
    open_to = [one for one in view.show.feed.subscriber if is_open(one, today)]
    return tuple(_feed(view, private_key(view, one, secret), parts) for one in open_to)


def is_open(subscriber: Subscriber, today: date) -> bool:
    return not subscriber.revoked and (subscriber.expires is None or today <= subscriber.expires)


def private_key(view: View, subscriber: Subscriber, secret: bytes) -> str:
    """Where the feed of a subscriber stands. ValueError without a secret."""
    if len(secret) < 16:
        raise ValueError("the secret of private feeds must have at least 16 characters")
    said = f"{view.show_guid}\n{subscriber.name}\n{subscriber.serial}".encode()
    token = hmac.new(secret, said, hashlib.sha256).hexdigest()[:_TOKEN_CHARACTERS]
    return f"{PREFIX}{token}/feed.xml"


def masked(text: str) -> str:
    """`text` for logs and screens: tokens of private feeds are cut to what tells them apart."""
    return re.sub(rf"(for/[0-9a-f]{{4}})[0-9a-f]{{{_TOKEN_CHARACTERS - 4}}}", r"\1…", text)


def _feed(view: View, key: str, parts: Sequence[WantedObject]) -> WantedObject:
    feed = view.show.feed.model_copy(update={"hubs": (), "podping": False, "locked": True, "block": False})
    private = view.model_copy(update={"show": view.show.model_copy(update={"feed": feed})})
    place = Place(view.addresses.of(key), newest(view), is_private=True)
    return document(private, key, place, parts, title="private feed", cache_control=PRIVATE)
