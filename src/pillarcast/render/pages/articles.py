"""Articles: the blog in the bucket, and its list."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from pillarcast.model.addresses import article_key
from pillarcast.model.view import PublishedArticle, View
from pillarcast.model.wanted import Parts, WantedObject
from pillarcast.render.notes import notes_html
from pillarcast.render.pages.frame import Frame, Page, Words, text_of
from pillarcast.render.pages.listing import Listing
from pillarcast.render.pages.paths import WRITING, tag_key
from pillarcast.render.pages.pictures import LARGE, Picture
from pillarcast.render.pages.schema import article_schema
from pillarcast.render.programming_note import wording_for


def article_objects(frame: Frame) -> Iterator[WantedObject]:
    """Nothing at all for a show that writes no articles."""
    view = frame.view
    if not view.articles:
        return
    for article in view.articles:
        yield frame.wanted(_page(view, article))
    listing = Listing(WRITING, "Articles", "Articles")
    for page in listing.pages(view.articles):
        yield frame.wanted(page)


def _page(view: View, article: PublishedArticle) -> Page:
    words = {
        "title": article.title,
        "summary": article.summary,
        "published_at": article.published_at,
        "tags": [(tag, tag_key(tag)) for tag in article.tags],
        "picture": Picture(file=article.artwork, width=LARGE).key if article.artwork else "",
        "picture_alt": article.artwork_alt,
        "note": wording_for(view, article.published_at, article.programming_note),
        "schema": article_schema(view, article),
    }
    read = partial(_body, article)
    return Page(article_key(article.slug), "article.html", f"article “{article.title}”", words, (article.body,), read)


def _body(article: PublishedArticle, parts: Parts) -> Words:
    return {"body": notes_html(text_of(article.body, parts))}
