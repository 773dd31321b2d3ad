"""The page of an episode, its embedded player and its oEmbed answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial

from pillarcast.model.addresses import media_key, page_key
from pillarcast.model.base import FileRef, digest
from pillarcast.model.published import Published
from pillarcast.model.view import View
from pillarcast.model.wanted import Parts, WantedObject
from pillarcast.render.notes import notes_html
from pillarcast.render.pages.frame import Frame, Page, Words, text_of
from pillarcast.render.pages.paths import embed_key, oembed_key, person_key, season_key, tag_key, transcript_key
from pillarcast.render.pages.pictures import LARGE, Picture
from pillarcast.render.pages.schema import episode_schema
from pillarcast.render.pages.share import ShareImage
from pillarcast.render.pages.teaser import artwork_of, label_of
from pillarcast.render.pages.transcript import paragraphs_of
from pillarcast.render.programming_note import wording_for
from pillarcast.render.wording import duration_words

EMBED_SIZE = (640, 200)
"""Width and height in pixels that the player asks for where it is embedded."""


def episode_objects(frame: Frame) -> Iterator[WantedObject]:
    for index, episode in enumerate(frame.view.episodes):
        yield frame.wanted(episode_page(frame, index))
        yield frame.wanted(_embed(frame.view, episode))
        if episode.transcript:
            yield frame.wanted(_transcript(episode, episode.transcript))
        yield _oembed(frame.view, episode)


def episode_page(frame: Frame, index: int) -> Page:
    """The page of the episode at `index`; it names its neighbours in time, so airing an episode changes two pages."""
    view = frame.view
    episode = view.episodes[index]
    words = {
        "episode": player_words(view, episode),
        "foreign_origins": foreign_origins(episode),
        "summary": episode.episode.summary,
        "season": _season(episode),
        "people": [(person, person_key(person.name)) for person in episode.episode.people],
        "tags": [(tag, tag_key(tag)) for tag in episode.episode.tags],
        "newer": _neighbour(view, index - 1),
        "older": _neighbour(view, index + 1),
        "note": wording_for(view, episode.published_at, episode.episode.programming_note),
        "embed": embed_key(episode.slug),
        "embed_url": view.addresses.of(embed_key(episode.slug)),
        "oembed_url": view.addresses.of(oembed_key(episode.slug)),
        "embed_size": EMBED_SIZE,
        "schema": episode_schema(view, episode, share_of(view, episode).key),
        "share_url": view.addresses.of(share_of(view, episode).key),
        "transcript": transcript_key(episode.slug) if episode.transcript else "",
    }
    files = (episode.notes,) if episode.notes else ()
    return Page(page_key(episode.slug), "episode.html", _title(episode), words, files, partial(_notes, episode))


def player_words(view: View, episode: Published) -> Words:
    """What the player shows, on any page."""
    own = episode.episode
    return {
        "title": own.title,
        "slug": episode.slug,
        "page": page_key(episode.slug),
        "page_url": episode.page_url,
        "label": label_of(episode),
        "published_at": episode.published_at,
        "duration_s": episode.duration_s,
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
        "has_transcript": episode.transcript is not None,
    }


def share_of(view: View, episode: Published) -> ShareImage:
    parts = (label_of(episode), duration_words(episode.duration_s))
    return ShareImage(
        slug=episode.slug,
        title=episode.episode.title,
        show=view.show.show.title,
        line=" · ".join(part for part in parts if part),
        artwork=artwork_of(view, episode),
        peaks=episode.peaks,
        accent=view.show.site.accent,
    )


def _artwork_key(view: View, episode: Published) -> str:
    """The artwork in full, for lock screens."""
    file, slug = (episode.artwork, episode.slug) if episode.artwork else (view.artwork, "artwork")
    return media_key(file.sha256, slug, file.media_type)


def _notes(episode: Published, parts: Parts) -> Words:
    return {"notes": notes_html(text_of(episode.notes, parts), seek_chapters=True)}


def _season(episode: Published) -> tuple[str, str] | None:
    own = episode.episode
    return (own.season_name or f"Season {own.season}", season_key(own.season)) if own.season else None


def _neighbour(view: View, index: int) -> tuple[str, str] | None:
    if not 0 <= index < len(view.episodes):
        return None
    episode = view.episodes[index]
    return episode.episode.title, page_key(episode.slug)


def foreign_origins(episode: Published) -> list[str]:
    """Other hosts that this episode's audio and chapter pictures come from, for the page's security policy."""
    urls = [chapter.image for chapter in episode.episode.chapters if chapter.image]
    urls += [] if episode.enclosure.key else [episode.enclosure.url]
    return sorted({"/".join(url.split("/")[:3]) for url in urls if url.startswith(("https://", "http://"))})


def _embed(view: View, episode: Published) -> Page:
    words = {"episode": player_words(view, episode), "foreign_origins": foreign_origins(episode)}
    return Page(embed_key(episode.slug), "embed.html", f"player of “{episode.episode.title}”", words)


def _transcript(episode: Published, file: FileRef) -> Page:
    """A page of its own: for readers without script, and where the player finds the lines that it follows."""
    title = episode.episode.title
    words = {"title": title, "page": page_key(episode.slug)}
    return Page(
        transcript_key(episode.slug),
        "transcript.html",
        f"transcript of “{title}”",
        words,
        (file,),
        lambda parts: {"paragraphs": paragraphs_of(text_of(file, parts))},
    )


def _oembed(view: View, episode: Published) -> WantedObject:
    """Source: https://oembed.com, section 2.3.4; a static answer for its one address."""
    body = json.dumps(_oembed_words(view, episode), ensure_ascii=False).encode()
    return WantedObject(
        key=oembed_key(episode.slug),
        media_type="application/json",
        inputs=digest(body),
        render=lambda _parts: body,
        title=f"oEmbed of “{episode.episode.title}”",
    )


def _oembed_words(view: View, episode: Published) -> Words:
    width, height = EMBED_SIZE
    embed_url = view.addresses.of(embed_key(episode.slug))
    title = episode.episode.title.translate(str.maketrans({"&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;"}))
    frame = f'<iframe src="{embed_url}" width="{width}" height="{height}" title="{title}" loading="lazy"></iframe>'
    return {
        "version": "1.0",
        "type": "rich",
        "title": episode.episode.title,
        "author_name": view.show.show.host,
        "provider_name": view.show.show.title,
        "provider_url": view.addresses.home,
        "thumbnail_url": view.addresses.of(share_of(view, episode).key),
        "thumbnail_width": 1200,
        "thumbnail_height": 630,
        "html": frame,
        "width": width,
        "height": height,
    }


def _title(episode: Published) -> str:
    return f"page of “{episode.episode.title}”"
