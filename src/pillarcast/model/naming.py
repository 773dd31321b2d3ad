"""Names: what people call an episode or an article, and what there is when nothing goes by a name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from heapq import nlargest
from operator import attrgetter
from pathlib import PurePath
from shlex import quote
from typing import TypeVar

from pillarcast.errors import UnknownEpisode
from pillarcast.model.base import composed
from pillarcast.model.card import Card
from pillarcast.model.catalogue import ArticleEntry, Catalogue, Entry
from pillarcast.model.dropped import SUFFIXES

Piece = Entry | ArticleEntry
NamedT = TypeVar("NamedT", Card, ArticleEntry)
ARTICLES = "articles"
"""`articles/NAME` is the article, where an episode has the same name."""
_ALIKE = 0.6
_SHOWN = 3
_NUMERALS = {2: "two", 3: "three", 4: "four"}


def find_episode(catalogue: Catalogue, name: str) -> Entry:
    """The episode that goes by `name`: its guid, file, slug, number or title. UnknownEpisode with the nearest there is.

    One that was retracted (the last of several) goes by it while no other does: a new one may have its file's name.
    """
    card = _named(catalogue.kept.cards, name, "episodes")
    if card is not None:
        return catalogue.entry(card.guid)
    if _named(catalogue.articles, name, "articles") is not None:
        mend = "Articles air by themselves with `pillarcast publish`; `pillarcast retract` takes one back."
        raise UnknownEpisode(name, "is an article, and this is about episodes", mend)
    raise UnknownEpisode(name, "no episode goes by that name", _there_is(catalogue, name, ()))


def find_piece(catalogue: Catalogue, name: str) -> Piece:
    """The episode that goes by `name`, else the article. UnknownEpisode where there is neither."""
    is_article = PurePath(name).parent.name == ARTICLES
    card = None if is_article else _named(catalogue.kept.cards, name, "episodes")
    piece = catalogue.entry(card.guid) if card else _named(catalogue.articles, name, "articles")
    if piece is None:
        what = "no episode and no article goes by that name"
        raise UnknownEpisode(name, what, _there_is(catalogue, name, catalogue.articles))
    return piece


@lru_cache(1 << 16)  # a run asks for the same thousands several times
def plain(name: str) -> str:
    """A name as it is compared: without capitals, and composed."""
    return composed(name.strip()).casefold()


def stem(name: str) -> str:
    """The name of a drop's file without folder and suffix. `talk.v2` is whole: nobody means `talk` by it."""
    path = PurePath(composed(name.strip()))
    return path.stem if path.suffix.lower() in SUFFIXES else path.name


def leading_number(name: str) -> str:
    """`41` of `41`, `041` and `#41`; empty for what is no number."""
    digits = name.strip().removeprefix("#")
    return str(int(digits)) if digits.isdecimal() else ""


def counted(count: int, what: str) -> str:
    """`two episodes`."""
    return f"{_NUMERALS.get(count, count)} {what}"


def did_you_mean(name: str, known: Mapping[str, str]) -> str:
    """`Did you mean …?` with what is nearest, as a command takes it, or nothing. `known` leads from words to names."""
    wanted = plain(name)
    likely = nlargest(len(known), ((_likeness(wanted, plain(words)), called) for words, called in known.items()))
    near = dict.fromkeys(quote(called) for likeness, called in likely if likeness >= _ALIKE)
    return f"Did you mean {', or '.join([*near][:_SHOWN])}?" if near else ""


def _likeness(wanted: str, words: str) -> float:
    """A part of the words is nearer than other words that look alike."""
    if wanted and wanted in words:
        return 1.0
    matcher = SequenceMatcher(None, words, wanted)
    return matcher.ratio() if matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE else 0.0


def _numbers(pieces: Iterable[Card | ArticleEntry]) -> Iterator[str]:
    return (str(piece.number or "") if isinstance(piece, Card) else "" for piece in pieces)


def _all_plain(field: str) -> Callable[[Iterable[Card | ArticleEntry]], Iterable[str]]:
    return lambda pieces: map(plain, map(attrgetter(field), pieces))


# How what was typed is read, and what of each piece it may be. The first that fits is meant.
_NAMES: tuple[tuple[Callable[[str], str], Callable[[Iterable[Card | ArticleEntry]], Iterable[str]]], ...] = (
    (plain, _all_plain("guid")),
    (plain, _all_plain("source")),
    (lambda name: plain(stem(name)), _all_plain("source")),
    (plain, lambda pieces: map(attrgetter("slug"), pieces)),
    (leading_number, _numbers),
    (plain, _all_plain("title")),
)


def title_of(piece: Piece) -> str:
    return piece.episode.title if isinstance(piece, Entry) else piece.title


def _named(pieces: Sequence[NamedT], name: str, what: str) -> NamedT | None:
    for read, called in _NAMES:
        wanted = read(name)
        found = [piece for piece, one in zip(pieces, called(pieces), strict=True) if one == wanted] if wanted else []
        gone = sorted((piece for piece in found if piece.retracted_at), key=lambda piece: str(piece.retracted_at))
        standing = [piece for piece in found if not piece.retracted_at] or gone[-1:]
        if len(standing) > 1:
            raise UnknownEpisode(name, f"names {counted(len(standing), what)}: {', '.join(_told_apart(standing))}",
                                 "Say the file name.")  # fmt: skip
        if standing:
            return standing[0]
    return None


def _told_apart(pieces: Sequence[Card | ArticleEntry]) -> list[str]:
    """By their files; by their addresses where those are alike."""
    sources, slugs = [piece.source for piece in pieces], [piece.slug for piece in pieces]
    return sources if len({plain(source) for source in sources}) == len(sources) else slugs


def _there_is(catalogue: Catalogue, name: str, articles: Iterable[ArticleEntry]) -> str:
    pieces: tuple[Card | ArticleEntry, ...] = (*catalogue.kept.cards, *articles)
    standing = [piece for piece in pieces if not piece.retracted_at]
    known = {words: piece.source for piece in standing for words in (piece.title, piece.slug, piece.source)}
    lists: dict[str, Sequence[Card | Piece]] = {
        "In the queue": catalogue.queue,
        "Live": catalogue.live.cards,
        "Articles": [piece for piece in standing if isinstance(piece, ArticleEntry)][::-1],
    }
    there = [f"{where}: {', '.join(piece.source for piece in some[:_SHOWN])}." for where, some in lists.items() if some]
    if not there:
        return "There is none yet: drop a recording into episodes/, then run `pillarcast ingest`."
    return did_you_mean(name, known) or f"{' '.join(there)} `pillarcast status` lists them."
