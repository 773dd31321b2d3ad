"""Where a show can be subscribed to: the links of show.toml, and what opens the feed in an app at once."""

from __future__ import annotations

from urllib.parse import quote

from pillarcast.model.show import Subscribe

APPS = (
    ("apple", "Apple Podcasts"),
    ("spotify", "Spotify"),
    ("youtube", "YouTube Music"),
    ("overcast", "Overcast"),
    ("pocketcasts", "Pocket Casts"),
    ("amazon", "Amazon Music"),
)


def app_links(subscribe: Subscribe) -> tuple[tuple[str, str], ...]:
    """(name of the app, the show's page in it), for each that show.toml gives."""
    return tuple((name, getattr(subscribe, field)) for field, name in APPS if getattr(subscribe, field))


_FEED_SCHEMES = (
    ("Apple Podcasts", "podcast://{bare}"),
    ("Overcast", "overcast://x-callback-url/add?url={quoted}"),
    ("Pocket Casts", "pktc://subscribe/{bare}"),
    ("Castro", "castros://subscribe/{bare}"),
    ("AntennaPod", "antennapod-subscribe://{bare}"),
    ("Podcast Addict", "podcastaddict://{bare}"),
)


def feed_links(feed_url: str) -> tuple[tuple[str, str], ...]:
    """(name of the app, a link that opens the feed in it), for apps that a phone may have."""
    bare = feed_url.split("://", 1)[-1]
    return tuple((name, form.format(bare=bare, quoted=quote(feed_url, safe=""))) for name, form in _FEED_SCHEMES)
