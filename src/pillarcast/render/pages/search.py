"""The search index: blocks of episodes that never change once full; the reader's browser does the searching."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache, partial

from pillarcast.model.base import digest
from pillarcast.model.card import Card
from pillarcast.model.published import Published
from pillarcast.model.wanted import Parts, WantedObject
from pillarcast.render.notes import notes_text
from pillarcast.render.pages.frame import Frame, text_of
from pillarcast.render.pages.listing import blocks_of
from pillarcast.render.pages.paths import relative, search_key, transcript_key
from pillarcast.render.pages.teaser import faces_of, label_of, teaser_of
from pillarcast.render.pages.transcript import parse_transcript
from pillarcast.render.wording import date_words

LONGEST_TEXT = 4000
"""Characters of show notes that are kept to show where a word was found."""

_VERSION = 3
_MARKS = re.compile(r"[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f\u0670]")
"""Accents, and the vowel points of Hebrew and Arabic, which hardly anybody types."""
_LAST_OF_PLANE = 0xFFFF
_PLACE = "public/archive"


def search_objects(frame: Frame) -> Iterator[WantedObject]:
    """The episodes of a block are only looked at where it is drawn."""
    blocks, begin = blocks_of(frame.cards), len(frame.cards)
    for number, cards in enumerate(blocks, start=1):
        begin -= len(cards)
        yield _block(frame, number, begin, cards)


def folded(text: str) -> str:
    """Lower case without accents, as words are compared; the browser folds in the same way."""
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", text.casefold())))


def words_of(text: str) -> list[str]:
    """Letters and digits with the marks that belong to them: vowels of Hindi, Tamil or Thai are no gaps."""
    return _word().findall(folded(text))


@cache
def _word() -> re.Pattern[str]:
    every = map(chr, range(_LAST_OF_PLANE))
    marks = "".join(char for char in every if unicodedata.category(char).startswith("M"))
    return re.compile(rf"[^\W_](?:[^\W_]|[{marks}])*")


def _block(frame: Frame, number: int, begin: int, cards: Sequence[Card]) -> WantedObject:
    files = [file for card in cards for file in (card.notes, card.transcript) if file]
    return WantedObject(
        key=search_key(number),
        media_type="application/json",
        inputs=digest(_VERSION, frame.view.show.schedule.zone, " ".join(map(str, faces_of(cards)))),
        render=partial(_render, frame, begin, cards),
        needs=tuple(dict.fromkeys(file.key for file in files)),
        title=f"search index, part {number}",
        is_for_browsers=True,
    )


def _render(frame: Frame, begin: int, cards: Sequence[Card], parts: Parts) -> bytes:
    """`pages` newest first; `words` leads from each word of a transcript to the positions of its pages."""
    episodes = frame.view.episodes[begin : begin + len(cards)]
    pages = [_page(frame, *pair, parts) for pair in zip(episodes, cards, strict=True)]
    words: dict[str, list[int]] = defaultdict(list)
    for position, episode in enumerate(episodes):
        for word in _spoken(episode, parts):
            words[word].append(position)
    index = {"pages": pages, "words": dict(sorted(words.items()))}
    return json.dumps(index, ensure_ascii=False, separators=(",", ":")).encode()


def _page(frame: Frame, episode: Published, card: Card, parts: Parts) -> dict[str, str]:
    teaser = teaser_of(card)
    return {
        "link": relative(_PLACE, teaser.key),
        "title": teaser.title,
        "label": label_of(card),
        "day": date_words(episode.published_at, frame.view.show.schedule.tz),
        "summary": teaser.summary,
        "notes": notes_text(text_of(episode.notes, parts))[:LONGEST_TEXT],
        "tags": " · ".join(_shown(card)),
        "transcript": relative(_PLACE, transcript_key(episode.slug)) if episode.transcript else "",
    }


def _shown(card: Card) -> list[str]:
    return [*card.people, *card.tags]


def _spoken(episode: Published, parts: Parts) -> list[str]:
    if episode.transcript is None:
        return []
    cues = parse_transcript(text_of(episode.transcript, parts))
    return sorted({word for cue in cues for word in words_of(cue.text) if len(word) > 1})
