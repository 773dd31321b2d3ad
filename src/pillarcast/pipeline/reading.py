"""What a drop says about its episode: notes first, then the recording's own tags, then the file's name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from pillarcast.audio.probing import Probe, probe
from pillarcast.audio.tagging import fit_artwork
from pillarcast.errors import ArtworkRefused, NotesError, PillarcastError, Problem, Several, problems_of
from pillarcast.model.base import cleaned, composed
from pillarcast.model.episode import Episode
from pillarcast.model.notes import MAX_NOTES_BYTES, Notes, episode_of, parse_notes
from pillarcast.pipeline.drops import Drop, at_hand
from pillarcast.render.notes import notes_html
from pillarcast.render.plain import plain_text

T = TypeVar("T")
_SUMMARY_CHARACTERS = 300
_TRANSCRIPT_TYPES = {".vtt": "text/vtt", ".srt": "application/x-subrip"}
MAX_TRANSCRIPT_BYTES = 5_000_000
MAX_PICTURE_BYTES = 100_000_000


@dataclass(frozen=True)
class TextFile:
    body: bytes
    media_type: str
    name: str


@dataclass(frozen=True)
class Said:
    """Everything a drop says, read and checked, with nothing stored yet."""

    episode: Episode
    notes: Notes
    notes_file: TextFile | None
    artwork: TextFile | None
    transcript: TextFile | None


def read_drop(drop: Drop) -> Said:
    """Reads everything that lies beside a recording. Several, with all problems of the drop at once."""
    with at_hand(drop.name):
        return _read_drop(drop)


def _read_drop(drop: Drop) -> Said:
    problems: list[Problem] = []
    notes = _collected(problems, lambda: read_notes(drop), Notes())
    recording = None if drop.is_article else drop.recording
    probed = _collected(problems, lambda: probe(recording) if recording else None, None)
    artwork = _collected(problems, lambda: _artwork(drop, notes, probed), None)
    transcript = _collected(problems, lambda: _transcript(drop), None)
    if problems:
        raise Several(problems)
    body = notes.body.encode()
    return Said(
        episode=_episode(drop, notes, probed),
        notes=notes,
        notes_file=TextFile(body, "text/markdown", f"{drop.name}.md") if notes.body.strip() else None,
        artwork=artwork,
        transcript=transcript,
    )


def _collected(problems: list[Problem], read: Callable[[], T], otherwise: T) -> T:
    try:
        return read()
    except PillarcastError as error:
        problems.extend(problems_of(error))
        return otherwise


def read_notes(drop: Drop) -> Notes:
    """The notes of a drop, empty where it has none. NotesError or Several where they cannot be read."""
    if drop.notes is None:
        return Notes()
    return parse_notes(_beginning(drop.notes, MAX_NOTES_BYTES), drop.notes.name)


def _beginning(path: Path, most_bytes: int) -> bytes:
    """The file, or so much of it that whoever reads it knows that it is too large."""
    with path.open("rb") as file:
        return file.read(most_bytes + 1)


def _episode(drop: Drop, notes: Notes, probed: Probe | None) -> Episode:
    title = cleaned(probed.title if probed else "").strip()[:255] or drop.spoken_name[:255]
    summary = cleaned(probed.summary if probed else "").strip() or _first_words(notes.body)
    episode = episode_of(notes.front, title, summary)
    changes: dict[str, object] = {}
    if probed and not episode.chapters:
        changes["chapters"] = probed.chapters
    if episode.number is None:
        changes["number"] = (probed.number if probed else None) or drop.number
    return episode.model_copy(update=changes)


def filled(said: Said, before: Episode, body_before: str) -> Said:
    """What notes say without their recording: what it said, and they do not, is as it was before. `body_before` are the
    words from which a summary may have been made."""
    front, now = said.notes.front, said.episode
    changes: dict[str, object] = {"number": front.episode or before.number or now.number}
    if not front.title:
        changes["title"] = before.title
    if not front.summary and before.summary != _first_words(body_before):
        changes["summary"] = before.summary
    if not now.chapters:
        changes["chapters"] = before.chapters
    return replace(said, episode=now.model_copy(update=changes))


def _first_words(body: str) -> str:
    """The first paragraph of the notes in plain words, cut at a word."""
    first = plain_text(notes_html(body), with_links=False).strip().partition("\n\n")[0].replace("\n", " ")
    if len(first) <= _SUMMARY_CHARACTERS:
        return first
    return first[:_SUMMARY_CHARACTERS].rpartition(" ")[0].rstrip(",;:") + " …"


def _artwork(drop: Drop, notes: Notes, probed: Probe | None) -> TextFile | None:
    picture = _picture(drop, notes)
    if picture is not None:
        body = _beginning(picture, MAX_PICTURE_BYTES)
        if len(body) > MAX_PICTURE_BYTES:
            mend = "Export it as a square JPEG of at most 3000 px."
            raise ArtworkRefused(picture.name, f"is over {MAX_PICTURE_BYTES // 1_000_000} MB", mend)
        return TextFile(fit_artwork(body, picture.name), "image/jpeg", f"{drop.name}.jpg")
    if probed and probed.artwork:
        return _embedded_artwork(drop, probed.artwork)
    return None


def _embedded_artwork(drop: Drop, picture: bytes) -> TextFile | None:
    """A cover inside the recording is often a thumbnail: one that directories would refuse is left out."""
    try:
        return TextFile(fit_artwork(picture, drop.name), "image/jpeg", f"{drop.name}.jpg")
    except PillarcastError:
        return None


def _picture(drop: Drop, notes: Notes) -> Path | None:
    wanted = notes.front.image
    if not wanted:
        return drop.pictures[0] if drop.pictures else None
    for path in (drop.notes or drop.files[0]).parent.iterdir():
        if composed(path.name) == composed(wanted) and path.is_file() and not path.is_symlink():
            return path
    raise NotesError(f"{drop.name}.md", f"`image`: there is no file {wanted!r} beside it", "Put it there.")


def _transcript(drop: Drop) -> TextFile | None:
    path = drop.transcript
    if path is None:
        return None
    body = _beginning(path, MAX_TRANSCRIPT_BYTES)
    if len(body) > MAX_TRANSCRIPT_BYTES:
        raise NotesError(path.name, "is over 5 MB, no transcript of speech is", "Look whether it is the right file.")
    text = body.decode("utf-8-sig", errors="replace")
    if "\ufffd" in text or "-->" not in text:
        raise NotesError(path.name, "is no transcript in UTF-8 with times", "Export it as WebVTT or SRT.")
    return TextFile(text.encode(), _TRANSCRIPT_TYPES[path.suffix.lower()], path.name)
