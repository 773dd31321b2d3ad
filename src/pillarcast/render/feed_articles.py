"""The feed of the blog: articles, for readers rather than listeners."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from feedgen.feed import FeedEntry, FeedGenerator

from pillarcast.model.base import cleaned, digest
from pillarcast.model.view import PublishedArticle, View
from pillarcast.model.wanted import Parts, Step, WantedObject
from pillarcast.render.feed_built import built_feed
from pillarcast.render.feed_document import FEEDGEN, RENDERER
from pillarcast.render.feed_text import plain_description
from pillarcast.render.feed_urls import GENERATOR
from pillarcast.render.notes import notes_html

KEY = "public/blog.xml"


def article_feed_objects(view: View) -> tuple[WantedObject, ...]:
    """None while there is no article, or where `feed.blog` is false."""
    if not view.articles or not view.show.feed.blog:
        return ()
    content = digest(RENDERER, *_header_content(view), *[_content(article) for article in view.articles])
    built = built_feed(view, KEY, content, max(article.published_at for article in view.articles))
    return (
        WantedObject(
            key=KEY,
            media_type="application/rss+xml; charset=utf-8",
            inputs=digest(content, str(built.at)),
            render=lambda bodies: _render(view, built.at, bodies),
            needs=tuple(article.body.key for article in view.articles),
            step=Step.PAGES,
            title="feed of the blog",
            built=built,
        ),
    )


def _header_content(view: View) -> tuple[str, ...]:
    about = view.show.show
    return about.title, about.description, about.website, about.language, view.addresses.public_url


def _content(article: PublishedArticle) -> str:
    return article.model_dump_json(exclude={"programming_note": True, "artwork": True, "body": {"name"}})


def _render(view: View, built_at: datetime | None, bodies: Parts) -> bytes:
    about = view.show.show
    with FEEDGEN:
        generator = FeedGenerator()
        generator.title(about.title)
        generator.description(about.description)
        generator.link(href=view.addresses.of(KEY), rel="self", type="application/rss+xml")
        generator.link(href=about.website or view.addresses.home, rel="alternate")
        generator.language(about.language)
        generator.generator(GENERATOR)
        generator.lastBuildDate(built_at)
        for article in view.articles:
            markdown = bodies[article.body.key].decode("utf-8", errors="replace")
            generator.add_entry(_entry(article, cleaned(notes_html(markdown))), order="append")
        rendered: bytes = generator.rss_str()
    return rendered


def _entry(article: PublishedArticle, body: str) -> Any:
    entry = FeedEntry()
    entry.title(article.title)
    entry.guid(article.guid, permalink=False)
    entry.link(href=article.page_url)
    entry.pubDate(article.published_at.astimezone(UTC))
    for tag in article.tags:
        entry.category(term=tag)
    entry.description(plain_description(article.summary) or body or article.title)
    if body:
        entry.content(body, type="CDATA")
    return entry
