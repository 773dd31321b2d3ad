"""A foreign feed as it was understood: what becomes of it in the catalogue, and what had to be decided on the way."""

from __future__ import annotations

from pillarcast.model.base import Instant, Value
from pillarcast.model.episode import Episode
from pillarcast.model.published import Enclosure
from pillarcast.model.show import About, Feed

UNKNOWN_DURATION_S = 0.001
"""What stands for a duration that no feed told: a master must have one, and it is never shown."""


def known_duration_s(duration_s: float) -> float:
    """0 for one that nobody told."""
    return duration_s if duration_s > UNKNOWN_DURATION_S else 0.0


class Remark(Value):
    """Something that could not be taken as it stood. `field` is that of the parity report; `where` an episode."""

    field: str
    what: str
    where: str = ""


class ImportedEpisode(Value):
    """`notes` is the text of the notes file; `chapters` of the episode are those inside the feed."""

    guid: str
    slug: str
    episode: Episode
    notes: str
    published_at: Instant
    enclosure: Enclosure
    duration_s: float


class ImportedShow(Value):
    """`episodes` newest first, as the feed has them. `weekday` is when they come; `artwork_url` the show's picture."""

    about: About
    feed: Feed
    artwork_url: str = ""
    weekday: str = "Thursday"
    episodes: tuple[ImportedEpisode, ...] = ()
    remarks: tuple[Remark, ...] = ()
    is_locked: bool = False
    moved_to: str = ""
