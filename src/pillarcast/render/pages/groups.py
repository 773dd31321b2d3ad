"""Lists by tag, person and season, and the page that leads to all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from pillarcast.model.card import Card
from pillarcast.model.view import PublishedArticle
from pillarcast.model.wanted import WantedObject
from pillarcast.render.pages.frame import Frame, Page
from pillarcast.render.pages.listing import Listing
from pillarcast.render.pages.paths import TOPICS, person_key, season_key, tag_key
from pillarcast.render.pages.teaser import Listed, order_of

Names = Callable[[Card], list[tuple[str, str]]]
"""(key, name) of each group that an episode belongs to."""


def _tags(card: Card) -> list[tuple[str, str]]:
    return [(tag_key(tag), tag) for tag in card.tags]


def _people(card: Card) -> list[tuple[str, str]]:
    return [(person_key(name), name) for name in card.people]


def _seasons(card: Card) -> list[tuple[str, str]]:
    return [(season_key(card.season), card.season_name or f"Season {card.season}")] if card.season else []


KINDS: tuple[tuple[str, Names], ...] = (("Topic", _tags), ("Person", _people), ("Season", _seasons))
"""What a list of the kind is called, and how its groups are found."""


def group_objects(frame: Frame) -> Iterator[WantedObject]:
    """Nothing where no episode has a tag, a person or a season."""
    cards = sorted(frame.cards, key=order_of, reverse=True)
    shelves = [(kind, _grouped(cards, names, frame.view.articles if names is _tags else ())) for kind, names in KINDS]
    for kind, groups in shelves:
        for (key, name), listed in groups.items():
            listing = Listing(key, f"{kind}: {name}", name)
            yield from (frame.wanted(page) for page in listing.pages(listed, {"kind": kind}))
    if any(groups for _, groups in shelves):
        yield frame.wanted(_topics(shelves))


def _grouped(
    cards: Sequence[Card], names: Names, articles: Sequence[PublishedArticle]
) -> dict[tuple[str, str], list[Listed]]:
    """What is listed by group, newest first; a group is called as its newest member spells it."""
    spelt: dict[str, str] = {}
    found: dict[str, list[Listed]] = defaultdict(list)
    for card in cards:
        for key, name in dict(names(card)).items():
            spelt.setdefault(key, name)
            found[key].append(card)
    for article in articles:
        for tag in {tag_key(tag): tag for tag in article.tags}.items():
            spelt.setdefault(*tag)
            found[tag[0]].append(article)
    for listed in found.values() if articles else ():
        listed.sort(key=order_of, reverse=True)
    return {(key, spelt[key]): listed for key, listed in found.items()}


def _topics(shelves: list[tuple[str, dict[tuple[str, str], list[Listed]]]]) -> Page:
    words = {
        "shelves": [
            (kind, sorted(((name, key, len(listed)) for (key, name), listed in groups.items()), key=_by_name))
            for kind, groups in shelves
            if groups
        ]
    }
    return Page(TOPICS, "topics.html", "topics, people and seasons", words)


def _by_name(group: tuple[str, str, int]) -> tuple[int, str]:
    """Seasons in the order of their numbers, names by the alphabet."""
    name, key, _count = group
    last = key.rsplit("/", 1)[-1]
    is_season = key.startswith("public/seasons/")
    return (int(last), "") if is_season else (0, name.casefold())
