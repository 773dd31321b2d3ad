"""Articles: Markdown without audio, on the same way as episodes."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

from pillarcast.errors import ChangeRefused, NotesError
from pillarcast.model.addresses import slugify
from pillarcast.model.catalogue import ArticleEntry, Catalogue
from pillarcast.pipeline.drops import Drop
from pillarcast.pipeline.files import keep_bytes
from pillarcast.pipeline.reading import Said
from pillarcast.pipeline.studio import Studio


def intake_article(studio: Studio, drop: Drop, said: Said, names: Collection[str]) -> ArticleEntry:
    """Takes an article; without `publish_at` it is due at once. Its guid is minted here, once.

    `names` are those of every drop that lies there. NotesError for one without words, or with a recording beside it,
    which would be lost.
    """
    _check_alone(drop, said)
    body = keep_bytes(studio, said.notes.body.encode(), "text/markdown", f"{drop.name}.md")
    publish_at = said.notes.publish_at(studio.show.schedule.tz)
    artwork = said.artwork
    picture = keep_bytes(studio, artwork.body, artwork.media_type, artwork.name) if artwork else None
    written = ArticleEntry(
        guid=str(uuid.uuid4()),
        slug="",
        source=drop.name,
        title=said.episode.title,
        summary=said.episode.summary,
        body=body,
        artwork=picture,
        artwork_alt=said.episode.artwork_alt,
        tags=said.episode.tags,
        programming_note=said.episode.programming_note,
        slot=publish_at or studio.clock.now(),
    )
    slug = said.notes.front.slug

    def taken(catalogue: Catalogue) -> Catalogue:
        return take_article(catalogue, written, slug, names, is_pinned=bool(publish_at))

    after = studio.store.change(taken).catalogue
    article = find_known_article(after, written)
    assert article is not None
    return article


def _check_alone(drop: Drop, said: Said) -> None:
    if drop.recording is not None:
        what = f"is an article, and the recording {drop.recording.name} lies beside it"
        raise NotesError(f"{drop.name}.md", what, "Take `type: article` out, or give one of the two another name.")
    if not said.notes.body.strip():
        raise NotesError(f"{drop.name}.md", "is an article without words", "Write them below the second `---`.")


def find_known_article(catalogue: Catalogue, written: ArticleEntry) -> ArticleEntry | None:
    """The article of that name; else the one of the same words, whatever its name."""
    named = (article for article in catalogue.articles if article.source == written.source)
    worded = (article for article in catalogue.articles if article.body.sha256 == written.body.sha256)
    return next(named, None) or next(worded, None)


def take_article(
    catalogue: Catalogue, written: ArticleEntry, slug: str, names: Collection[str], *, is_pinned: bool
) -> Catalogue:
    """The catalogue with the article in it; guid, date and (once live) address of a known one stay.

    The same words under another name are a rename. NotesError while the first ones still lie there: a copy would be
    posted at once.
    """
    known = find_known_article(catalogue, written)
    if known is None:
        article = written.model_copy(update={"slug": _slug(catalogue, slug or slugify(written.title), written)})
        return catalogue.model_copy(update={"articles": (*catalogue.articles, article)})
    _check_retraction(known, written)
    if known.source != written.source and known.source in names:
        what = f"has the same words as {known.source}.md, and would be a second post of them"
        raise NotesError(f"{written.source}.md", what, "Change its words, or remove one of the two.")
    kept: dict[str, object] = {
        "guid": known.guid,
        "slug": known.slug,
        "slot": _hour(known, written, is_pinned=is_pinned),
        "published_at": known.published_at,
        "retracted_at": known.retracted_at if known.published_at or _is_as_it_was(known, written) else None,
        "artwork": written.artwork or known.artwork,
    }
    return catalogue.with_article(written.model_copy(update=kept))


def _hour(known: ArticleEntry, written: ArticleEntry, *, is_pinned: bool) -> datetime:
    """An article whose notes name no hour any more is due at once, as if they never had."""
    if known.published_at is not None:
        return known.slot
    return written.slot if is_pinned else min(known.slot, written.slot)


def _check_retraction(known: ArticleEntry, written: ArticleEntry) -> None:
    """What was live and retracted stays so, under other words and under another name, and must not seem to have been
    taken."""
    if known.retracted_at and known.published_at and not _is_as_it_was(known, written):
        what = f"is “{known.title}”, which was retracted, and stays so under another name or with other words"
        raise ChangeRefused(f"{written.source}.md", what, "A new article needs both: a name and words of its own.")


def _is_as_it_was(known: ArticleEntry, written: ArticleEntry) -> bool:
    return (known.source, known.body.sha256) == (written.source, written.body.sha256)


def _slug(catalogue: Catalogue, stem: str, written: ArticleEntry) -> str:
    """Unlike that of any episode too: on a blog both have the same kind of address."""
    stem = stem or slugify(written.source) or f"article-{written.guid[:8]}"
    taken = {piece.slug for piece in catalogue.pieces}
    return stem if stem not in taken else f"{stem}-{written.guid[:8]}"
