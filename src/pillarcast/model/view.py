"""All that renderers may know: the show, what is live, and what airs next. Nothing under embargo but its title."""

from __future__ import annotations

from collections.abc import Sequence

from pillarcast.model.addresses import Addresses, article_key
from pillarcast.model.base import FileRef, Instant, Value
from pillarcast.model.catalogue import ArticleEntry, BuiltFeed, Catalogue
from pillarcast.model.episode import Person
from pillarcast.model.episodes import Episodes
from pillarcast.model.published import Published, published
from pillarcast.model.show import Show


class Upcoming(Value):
    """The next scheduled episode, as far as the public may know it."""

    guid: str
    title: str
    people: tuple[Person, ...] = ()
    slot: Instant


class PublishedArticle(Value):
    """A live article; `body` is a Markdown file."""

    guid: str
    slug: str
    title: str
    summary: str
    body: FileRef
    artwork: FileRef | None
    artwork_alt: str = ""
    tags: tuple[str, ...]
    programming_note: str | None
    published_at: Instant
    page_url: str


class View(Value):
    """`episodes` and `articles` newest first; `artwork` is the show's own picture, `logo` stands beside its name.

    `built` says since when each feed says what it says, `now` is the date of one that says something else.
    `pages` are the inputs of pages of the feed that are known, by their key.
    """

    show: Show
    show_guid: str
    addresses: Addresses
    artwork: FileRef
    episodes: Sequence[Published] = ()
    articles: tuple[PublishedArticle, ...] = ()
    upcoming: Upcoming | None = None
    logo: FileRef | None = None
    built: dict[str, BuiltFeed] = {}
    now: Instant | None = None
    pages: dict[str, str] = {}


def view_of(
    show: Show,
    artwork: FileRef,
    catalogue: Catalogue,
    addresses: Addresses,
    logo: FileRef | None = None,
    *,
    now: Instant | None = None,
) -> View:
    """What the public may see of a catalogue."""
    articles = [article for article in catalogue.articles if article.published_at and not article.retracted_at]
    articles.sort(key=lambda article: (article.published_at, article.guid), reverse=True)
    view = View(
        show=show,
        show_guid=catalogue.show_guid,
        addresses=addresses,
        artwork=artwork,
        articles=tuple(published_article(article, addresses) for article in articles),
        upcoming=upcoming(catalogue),
        logo=logo,
        built=catalogue.built,
        now=now,
    )
    return view.model_copy(update={"episodes": Episodes(catalogue.live, lambda entry: published(entry, addresses))})


def upcoming(catalogue: Catalogue) -> Upcoming | None:
    """The episode that airs next."""
    for entry in catalogue.queue:
        if entry.slot is not None:
            return Upcoming(guid=entry.guid, title=entry.episode.title, people=entry.episode.people, slot=entry.slot)
    return None


def published_article(article: ArticleEntry, addresses: Addresses) -> PublishedArticle:
    """The article as the public sees it; it is or was live."""
    assert article.published_at is not None
    return PublishedArticle(
        guid=article.guid,
        slug=article.slug,
        title=article.title,
        summary=article.summary,
        body=article.body,
        artwork=article.artwork,
        artwork_alt=article.artwork_alt,
        tags=article.tags,
        programming_note=article.programming_note,
        published_at=article.published_at,
        page_url=addresses.of(article_key(article.slug)),
    )
