"""Where a show can be subscribed to: the links of show.toml, and what opens the feed in an app at once."""

from __future__ import annotations

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
