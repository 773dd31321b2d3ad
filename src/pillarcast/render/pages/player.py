"""What the player shows of an episode, on whichever page it stands."""

from __future__ import annotations

import re

from pillarcast.model.addresses import media_key, page_key
from pillarcast.model.imported import known_duration_s
from pillarcast.model.published import Published
from pillarcast.model.view import View
from pillarcast.render.pages.frame import Words
from pillarcast.render.pages.pictures import LARGE, Picture
from pillarcast.render.pages.teaser import artwork_of, label_of


def player_words(view: View, episode: Published) -> Words:
    own = episode.episode
    return {
        "title": own.title,
        "slug": episode.slug,
        "page": page_key(episode.slug),
        "page_url": episode.page_url,
        "label": label_of(episode.card),
        "published_at": episode.published_at,
        "duration_s": known_duration_s(episode.duration_s),
        "audio": episode.enclosure.key,
        "audio_url": episode.enclosure.url,
        "audio_type": episode.enclosure.media_type,
        "audio_bytes": episode.enclosure.length_bytes,
        "is_explicit": view.show.show.explicit if own.is_explicit is None else own.is_explicit,
        "picture": Picture(file=artwork_of(view, episode), width=LARGE).key,
        "picture_alt": own.artwork_alt if episode.artwork else "",
        "artwork": _artwork_key(view, episode),
        "chapters": [chapter for chapter in own.chapters if not chapter.is_silent],
        "peaks": episode.peaks,
    }


_ORIGIN = re.compile(r"https?://(?:[A-Za-z0-9-]+\.)*[A-Za-z0-9-]+(?::[0-9]{1,5})?(?=[/?#]|\Z)")
"""A host and nothing else: a semicolon or a blank would write on in the policy."""


def foreign_origins(episode: Published) -> list[str]:
    """Other hosts that this episode's audio and chapter pictures come from, for the page's security policy."""
    urls = [chapter.image for chapter in episode.episode.chapters if chapter.image]
    urls += [] if episode.enclosure.key else [episode.enclosure.url]
    return sorted({found[0] for url in urls if (found := _ORIGIN.match(url))})


def _artwork_key(view: View, episode: Published) -> str:
    """The artwork in full, for lock screens."""
    file, slug = (episode.artwork, episode.slug) if episode.artwork else (view.artwork, "artwork")
    return media_key(file.sha256, slug, file.media_type)
