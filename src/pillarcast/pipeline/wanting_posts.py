"""Which posts are to stand on the blogs, and which to be withdrawn from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from pillarcast.model.base import FileRef
from pillarcast.model.catalogue import ArticleEntry, Catalogue, Entry
from pillarcast.model.plan import WantedPost
from pillarcast.model.post import Post
from pillarcast.model.published import Published, published
from pillarcast.model.view import PublishedArticle, View, published_article
from pillarcast.model.wanted import Parts
from pillarcast.pipeline.studio import Studio
from pillarcast.render.post import article_post_of, post_inputs, post_of
from pillarcast.render.post_body import PostTemplates


def wanted_posts(studio: Studio, view: View, catalogue: Catalogue) -> Iterator[WantedPost]:
    """A post of every live piece on every blog, and the withdrawal of those that were retracted."""
    templates = PostTemplates(studio.templates)
    for target in studio.show.blog:
        for episode in view.episodes:
            render = partial(_episode_post, view, episode)
            yield _post(target.name, episode, post_inputs(view, episode, target, templates), render, episode.notes)
        for article in view.articles:
            render_article = partial(_article_post, view, article)
            inputs = post_inputs(view, article, target, templates)
            yield _post(target.name, article, inputs, render_article, article.body)
        for piece in catalogue.pieces:
            if piece.retracted_at and f"{target.name}/{piece.guid}" in catalogue.posts:
                yield _withdrawal(target.name, view, piece)


def _withdrawal(blog: str, view: View, piece: Entry | ArticleEntry) -> WantedPost:
    """The post as it was, without its words, so that it can be found."""
    if isinstance(piece, ArticleEntry):
        article = published_article(piece, view.addresses)
        wanted = _post(blog, article, "", lambda _parts: article_post_of(view, article, b""), None)
        return replace(wanted, is_withdrawn=True)
    episode = published(piece.model_copy(update={"retracted_at": None}), view.addresses)
    render = partial(_episode_post, view, episode.model_copy(update={"notes": None}))
    return replace(_post(blog, episode, "", render, None), is_withdrawn=True)


def _post(
    blog: str,
    piece: Published | PublishedArticle,
    inputs: str,
    render: Callable[[Parts], Post],
    notes: FileRef | None,
) -> WantedPost:
    title = piece.episode.title if isinstance(piece, Published) else piece.title
    needs = (notes.key,) if notes else ()
    return WantedPost(blog=blog, key=piece.guid, title=title, inputs=inputs, render=render, needs=needs)


def _episode_post(view: View, episode: Published, parts: Parts) -> Post:
    return post_of(view, episode, parts[episode.notes.key] if episode.notes else b"")


def _article_post(view: View, article: PublishedArticle, parts: Parts) -> Post:
    return article_post_of(view, article, parts[article.body.key])
