"""Posts: what the blogs say of an episode or an article, before any engine puts it into its own words."""

from __future__ import annotations

import html

from pillarcast.model.base import FileRef, digest
from pillarcast.model.chapters import Chapter, render_stamp
from pillarcast.model.imported import known_duration_s
from pillarcast.model.post import Post, PostArtwork
from pillarcast.model.published import Published
from pillarcast.model.show import BlogTarget
from pillarcast.model.view import PublishedArticle, View
from pillarcast.render.feed_links import SHOW_ARTWORK, file_url
from pillarcast.render.notes import notes_html
from pillarcast.render.post_body import PostTemplates
from pillarcast.render.programming_note import note_for
from pillarcast.render.subscribing import app_links

POST_VERSION = 3
"""Raised when the words or the order of what we write change, so that posts are written again."""

_LONGEST_TAG = 190
"""Characters that every engine takes: WordPress 200, Ghost 191. Old feeds have whole sentences among their keywords."""


def post_of(view: View, published: Published, notes: bytes) -> Post:
    """The post of a live episode; `notes` is the Markdown of its show notes."""
    episode = published.episode
    note = _note(view, published, episode.programming_note)
    return Post(
        key=_key(view, published.guid),
        slug=published.slug,
        title=episode.title,
        summary=episode.summary,
        body_html=_joined(
            notes_html(notes.decode("utf-8", "replace")),
            _chapters(episode.chapters, published.page_url),
            note,
        ),
        published_at=published.published_at,
        canonical_url=published.page_url,
        audio_url=published.enclosure.url,
        audio_type=published.enclosure.media_type,
        audio_length_bytes=published.enclosure.length_bytes,
        duration_s=known_duration_s(published.duration_s),
        artwork=_artwork(view, published.artwork, published.slug, episode.artwork_alt or episode.title)
        or _artwork(view, view.artwork, SHOW_ARTWORK, view.show.show.title),
        tags=_tags(view, episode.tags),
        links=(
            ("Listen on the episode's page", published.page_url),
            *_transcript(view, published),
            *_unless_named(note, _subscribe(view)),
        ),
    )


def article_post_of(view: View, article: PublishedArticle, body: bytes) -> Post:
    """The post of a live article; `body` is its Markdown."""
    note = _note(view, article, article.programming_note)
    return Post(
        key=_key(view, article.guid),
        slug=article.slug,
        title=article.title,
        summary=article.summary,
        body_html=_joined(notes_html(body.decode("utf-8", "replace")), note),
        published_at=article.published_at,
        canonical_url=article.page_url,
        artwork=_artwork(view, article.artwork, article.slug, article.artwork_alt or article.title),
        tags=_tags(view, article.tags),
        links=_unless_named(note, _subscribe(view)),
    )


def post_inputs(
    view: View, piece: Published | PublishedArticle, target: BlogTarget, templates: PostTemplates | None = None
) -> str:
    """A digest of everything that the post of `piece` on `target` depends on; while it is the same, so is the post."""
    own = piece.episode.programming_note if isinstance(piece, Published) else piece.programming_note
    return digest(
        POST_VERSION,
        piece.model_dump(mode="json", exclude={"peaks", "alternates"}),
        target,
        (templates or PostTemplates()).digest(target.kind, target.template),
        view.addresses,
        view.show_guid,
        view.show.show.tags,
        view.artwork.sha256,
        _subscribe(view),
        _note(view, piece, own),
    )


def _key(view: View, guid: str) -> str:
    """Letters and digits only, whatever a guid holds: it stands in comments, tags and searches of every engine."""
    return f"pillarcast-{digest('post', view.show_guid, guid)}"


def _joined(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _note(view: View, piece: Published | PublishedArticle, own: str | None) -> str:
    note = note_for(view, piece.published_at, own)
    return f"<hr>\n{note.html}" if note else ""


def _chapters(chapters: tuple[Chapter, ...], page_url: str) -> str:
    """A list of times that play on the episode's page (`#t=` of W3C Media Fragments)."""
    lines = [
        f'<li><a href="{html.escape(page_url)}#t={chapter.start_s:g}">{render_stamp(chapter.start_s)}</a>'
        f" {html.escape(chapter.title, quote=False)}</li>"
        for chapter in chapters
        if not chapter.is_silent
    ]
    return "<h2>Chapters</h2>\n<ul>\n" + "\n".join(lines) + "\n</ul>" if lines else ""


def _artwork(view: View, file: FileRef | None, slug: str, alt: str) -> PostArtwork | None:
    if file is None:
        return None
    url = file_url(file, slug, view.addresses)
    return PostArtwork(url=url, sha256=file.sha256, media_type=file.media_type, alt=alt)


def _tags(view: View, own: tuple[str, ...]) -> tuple[str, ...]:
    """The piece's own tags and the show's, each once, however it is capitalised."""
    every = (tag[:_LONGEST_TAG].strip() for tag in reversed((*own, *view.show.show.tags)))
    return tuple({tag.casefold(): tag for tag in every}.values())[::-1]


def _transcript(view: View, published: Published) -> tuple[tuple[str, str], ...]:
    file = published.transcript
    return (("Transcript", file_url(file, published.slug, view.addresses)),) if file else ()


def _unless_named(note: str, links: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The links that the note does not have already, one line above."""
    return tuple((label, url) for label, url in links if f'href="{html.escape(url)}"' not in note)


def _subscribe(view: View) -> tuple[tuple[str, str], ...]:
    return (*app_links(view.show.subscribe), ("RSS feed", view.addresses.feed))
