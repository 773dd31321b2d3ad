"""Transcripts: WebVTT, SubRip or plain text become paragraphs that can be read, searched and followed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape

from pillarcast.model.base import Value, cleaned

LONGEST = 2_000_000
"""Characters; about forty hours of speech."""

_TIMING = re.compile(r"^((?:\d+:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?)\s*-->")
_LINE_END = re.compile(r"\r+\n|\r")
_NUMBERED = re.compile(r"(?<!\n)\n(?=\d+\n(?:\d+:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?\s*-->)")
"""Where a cue begins whose number stands right below the cue before."""
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>")
_MARKUP = re.compile(r"<[^>]*>|\{\\[^}]*\}")
_SPEAKER = re.compile(r"^([A-Z][\w .’'-]{1,40}): ")
_ENOUGH = 360
_SENTENCE_END = (".", "?", "!", "…", "”", "。", "؟")


class Cue(Value):
    """A few words; `start_s` is None in a transcript without times."""

    text: str
    speaker: str = ""
    start_s: float | None = None


class Paragraph(Value):
    """Cues of one speaker, up to where a sentence ends."""

    speaker: str
    start_s: float | None
    cues: tuple[Cue, ...]


def paragraphs_of(transcript: str) -> tuple[Paragraph, ...]:
    return tuple(_paragraphs(parse_transcript(transcript)))


def parse_transcript(transcript: str) -> tuple[Cue, ...]:
    """Cues in the order of the file. Never raises: what has no times is text of a speaker we do not know.

    Sources: W3C WebVTT section 4, and what SubRip files look like in the wild.
    """
    text = _LINE_END.sub("\n", cleaned(transcript[:LONGEST].lstrip("\ufeff")))
    text = _NUMBERED.sub("\n\n", text)
    blocks = [block.strip("\n").split("\n") for block in re.split(r"\n[ \t]*\n", text.strip())]
    timed = [cue for block in blocks for cue in _timed(block)]
    return tuple(timed or (cue for block in blocks for cue in _untimed(block)))


def _timed(block: list[str]) -> Iterator[Cue]:
    for number, line in enumerate(block[:2]):
        timing = _TIMING.match(line.strip())
        if timing:
            said = " ".join(line.strip() for line in block[number + 1 :])
            yield from _cue(said, _seconds(timing[1]))
            return


def _untimed(block: list[str]) -> Iterator[Cue]:
    if not block[0].startswith(("WEBVTT", "NOTE", "STYLE")):
        yield from _cue(" ".join(line.strip() for line in block), None)


def _cue(said: str, start_s: float | None) -> Iterator[Cue]:
    voice = _VOICE.search(said)
    text = " ".join(unescape(_MARKUP.sub("", said)).split())
    named = None if voice else _SPEAKER.match(text)
    speaker = unescape(voice[1]).strip() if voice else named[1] if named else ""
    text = text[named.end() :] if named else text
    if text:
        yield Cue(text=text, speaker=speaker, start_s=start_s)


def _seconds(timing: str) -> float:
    parts = timing.replace(",", ".").split(":")
    return sum(float(part) * scale for part, scale in zip(reversed(parts), (1, 60, 3600), strict=False))


def _paragraphs(cues: Iterable[Cue]) -> Iterator[Paragraph]:
    speaker, gathered = "", list[Cue]()
    for cue in cues:
        is_other = bool(cue.speaker) and cue.speaker != speaker
        if gathered and (is_other or _is_complete(gathered)):
            yield _paragraph(speaker, gathered)
            gathered = []
        speaker = cue.speaker or speaker
        gathered.append(cue)
    if gathered:
        yield _paragraph(speaker, gathered)


def _is_complete(cues: list[Cue]) -> bool:
    length = sum(len(cue.text) for cue in cues)
    is_sentence = cues[-1].text.endswith(_SENTENCE_END)
    return cues[-1].start_s is None or (length > _ENOUGH and is_sentence) or length > 3 * _ENOUGH


def _paragraph(speaker: str, cues: list[Cue]) -> Paragraph:
    return Paragraph(speaker=speaker, start_s=cues[0].start_s, cues=tuple(cues))
