"""Articles: Markdown without audio, on the same way as episodes."""

from __future__ import annotations

import uuid

from pillarcast.model.addresses import slugify
from pillarcast.model.catalogue import ArticleEntry, Catalogue
from pillarcast.pipeline.drops import Drop
from pillarcast.pipeline.files import keep_bytes
from pillarcast.pipeline.reading import Said
from pillarcast.pipeline.studio import Studio


def intake_article(studio: Studio, drop: Drop, said: Said) -> ArticleEntry:
    """Takes an article; without `publish_at` it is due at once. Its guid is minted here, once."""
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
        tags=said.episode.tags,
        programming_note=said.episode.programming_note,
        slot=publish_at or studio.clock.now(),
    )
    slug = said.notes.front.slug
    changed = studio.store.change(lambda catalogue: take_article(catalogue, written, slug, is_pinned=bool(publish_at)))
    return next(article for article in changed.catalogue.articles if article.source == drop.name)


def take_article(catalogue: Catalogue, written: ArticleEntry, slug: str, *, is_pinned: bool) -> Catalogue:
    """The catalogue with the article in it; guid, date and (once live) address of a known one stay."""
    known = next((article for article in catalogue.articles if article.source == written.source), None)
    others = [article for article in catalogue.articles if article.source != written.source]
    if known is None:
        article = written.model_copy(update={"slug": _slug(others, slug or slugify(written.title), written)})
        return catalogue.model_copy(update={"articles": (*others, article)})
    kept: dict[str, object] = {
        "guid": known.guid,
        "slug": known.slug,
        "slot": written.slot if is_pinned and not known.published_at else known.slot,
        "published_at": known.published_at,
        "retracted_at": known.retracted_at,
        "artwork": written.artwork or known.artwork,
    }
    article = written.model_copy(update=kept)
    articles = tuple(article if old.guid == known.guid else old for old in catalogue.articles)
    return catalogue.model_copy(update={"articles": articles})


def _slug(others: list[ArticleEntry], stem: str, written: ArticleEntry) -> str:
    stem = stem or slugify(written.source) or f"article-{written.guid[:8]}"
    taken = {article.slug for article in others}
    return stem if stem not in taken else f"{stem}-{written.guid[:8]}"
