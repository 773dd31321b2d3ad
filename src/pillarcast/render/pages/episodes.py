"""The page of an episode, and its transcript on a page of its own."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from urllib.parse import urlsplit

from pillarcast.model.addresses import page_key
from pillarcast.model.base import FileRef
from pillarcast.model.published import Published
from pillarcast.model.view import View
from pillarcast.model.wanted import Parts, WantedObject
from pillarcast.render.notes import notes_html
from pillarcast.render.pages.embedding import EMBED_SIZE
from pillarcast.render.pages.frame import Frame, Page, Words, text_of
from pillarcast.render.pages.paths import embed_key, oembed_key, person_key, season_key, tag_key, transcript_key
from pillarcast.render.pages.player import foreign_origins, player_words
from pillarcast.render.pages.schema import episode_schema
from pillarcast.render.pages.transcript import paragraphs_of
from pillarcast.render.programming_note import note_inputs, wording_for


def episode_objects(frame: Frame, index: int) -> Iterator[WantedObject]:
    """The pages of the episode at `index`."""
    episode = frame.view.episodes[index]
    yield frame.wanted(episode_page(frame, index))
    if episode.transcript:
        yield frame.wanted(_transcript(episode, episode.transcript))


def episode_page(frame: Frame, index: int) -> Page:
    """The page of the episode at `index`; it names its neighbours in time, so airing an episode changes two pages."""
    view, episode = frame.view, frame.view.episodes[index]
    note = note_inputs(view, episode.published_at, episode.episode.programming_note)
    around = (_neighbour(view, index - 1), _neighbour(view, index + 1))
    return Page(
        key=page_key(episode.slug),
        template="episode.html",
        title=f"page of “{episode.episode.title}”",
        files=(episode.notes,) if episode.notes else (),
        read=partial(_words, frame, index),
        inputs=(frame.about, frame.told(index), around, note, bool(episode.transcript)),
    )


def _words(frame: Frame, index: int, parts: Parts) -> Words:
    view, episode = frame.view, frame.view.episodes[index]
    return {
        "episode": player_words(view, episode),
        "foreign_origins": foreign_origins(episode),
        "summary": episode.episode.summary,
        "season": _season(episode),
        "people": [(person, person_key(person.name)) for person in episode.episode.people],
        "tags": [(tag, tag_key(tag)) for tag in episode.episode.tags],
        "more": _more(view, episode),
        "newer": _neighbour(view, index - 1),
        "older": _neighbour(view, index + 1),
        "note": wording_for(view, episode.published_at, episode.episode.programming_note),
        "transcript": transcript_key(episode.slug) if episode.transcript else "",
        "notes": notes_html(text_of(episode.notes, parts), seek_chapters=True),
        **_machine_words(view, episode, frame.share(index).key),
    }


def _machine_words(view: View, episode: Published, share_key: str) -> Words:
    return {
        "embed_url": view.addresses.of(embed_key(episode.slug)),
        "oembed_url": view.addresses.of(oembed_key(episode.slug)),
        "embed_size": EMBED_SIZE,
        "share_url": view.addresses.of(share_key),
        "schema": episode_schema(view, episode, share_key),
    }


def _season(episode: Published) -> tuple[str, str] | None:
    own = episode.episode
    return (own.season_name or f"Season {own.season}", season_key(own.season)) if own.season else None


def _more(view: View, episode: Published) -> list[tuple[str, str]]:
    """(words, address) of what the notes say there is elsewhere: the same on YouTube, a discussion, a tip jar."""
    own = episode.episode
    links = [(link.text or urlsplit(link.url).netloc, link.url) for link in own.content_links]
    links += [("Transcript", file.url) for file in own.transcripts[:1] if episode.transcript is None]
    links += [("Discuss this episode", post.uri) for post in own.social if post.uri]
    links += [(funding.text, funding.url) for funding in own.funding or view.show.feed.funding]
    return [(words, url) for words, url in links if url.startswith(("https://", "http://"))]


def _neighbour(view: View, index: int) -> tuple[str, str] | None:
    if not 0 <= index < len(view.episodes):
        return None
    episode = view.episodes[index]
    return episode.episode.title, page_key(episode.slug)


def _transcript(episode: Published, file: FileRef) -> Page:
    """A page of its own: for readers without script, and where the player finds the lines that it follows."""
    title = episode.episode.title
    words = {"title": title, "page": page_key(episode.slug)}
    read = partial(_paragraphs, file)
    return Page(transcript_key(episode.slug), "transcript.html", f"transcript of “{title}”", words, (file,), read)


def _paragraphs(file: FileRef, parts: Parts) -> Words:
    return {"paragraphs": paragraphs_of(text_of(file, parts))}
