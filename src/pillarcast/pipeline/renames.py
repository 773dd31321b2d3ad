"""What lies in the drop folders under other names than the catalogue knows: learned where a file was renamed, told
where it is there twice. A recording is read only where the catalogue has one of its length."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass

from pillarcast.errors import NotesError, PillarcastError, Problem
from pillarcast.model.catalogue import Catalogue
from pillarcast.model.known import same_recording, second_copies
from pillarcast.model.naming import title_of
from pillarcast.model.notes import NotesKind
from pillarcast.model.renaming import Lying, renamed, with_names
from pillarcast.pipeline.drops import Drop, Folder
from pillarcast.pipeline.files import file_ref
from pillarcast.pipeline.intake import note_refusal
from pillarcast.pipeline.reading import read_notes
from pillarcast.pipeline.studio import Studio


@dataclass(frozen=True)
class Learned:
    """A piece whose file has another name now."""

    title: str
    old: str
    new: str


def content_now(drop: Drop) -> str:
    """The hash of its recording, or of an article's words; empty for notes that wait, and for what cannot be read."""
    try:
        if drop.recording is not None:
            return file_ref(drop.recording, "").sha256
        notes = read_notes(drop)
    except (PillarcastError, OSError):
        return ""
    is_article = drop.is_article or notes.front.kind is NotesKind.ARTICLE
    return hashlib.sha256(notes.body.encode()).hexdigest() if is_article else ""


def learn_names(studio: Studio, folder: Folder, content_of: Callable[[Drop], str] = content_now) -> tuple[Learned, ...]:
    """The catalogue calls a renamed file by its new name, so that what is edited under it stays the same piece.

    Notes that stayed behind under the old name belong to nobody then: `status` says so until they follow.
    """
    before = studio.store.load().catalogue
    lying = _lying(folder, _gone(before, folder), content_of)
    if not renamed(before, lying):
        return ()
    after = studio.store.change(lambda catalogue: with_names(catalogue, renamed(catalogue, lying))).catalogue
    old = {piece.guid: piece.source for piece in before.pieces}
    moved = tuple(
        Learned(title_of(piece), old[piece.guid], piece.source)
        for piece in after.pieces
        if old.get(piece.guid, piece.source) != piece.source
    )
    _tell_notes_left_behind(studio, folder, moved)
    return moved


def copies(catalogue: Catalogue, folder: Folder, content_of: Callable[[Drop], str] = content_now) -> Iterator[Problem]:
    """A warning for each recording that lies there a second time, under another name."""
    lengths = {entry.recording.length_bytes for entry in catalogue.entries if entry.recording}
    names = {entry.source for entry in catalogue.entries if entry.retracted_at is None}
    lying = _lying(folder, _Wanted(names, lengths), content_of)
    doubled = second_copies(catalogue, lying.recordings)
    for drop in folder.drops:
        if drop.recording is not None and drop.name in doubled:
            yield same_recording(drop.name, doubled[drop.name], has_notes=drop.notes is not None)


@dataclass(frozen=True)
class _Wanted:
    """What is worth reading: recordings of one of these lengths and, unless that is None, articles; but none whose
    names the catalogue has."""

    recordings: Container[str]
    lengths: Container[int]
    articles: Container[str] | None = None

    def has(self, drop: Drop) -> bool:
        if drop.recording is None:
            return self.articles is not None and drop.name not in self.articles
        try:
            return drop.name not in self.recordings and drop.recording.stat().st_size in self.lengths
        except OSError:
            return False


def _gone(catalogue: Catalogue, folder: Folder) -> _Wanted:
    """Whatever may be a standing piece whose own file lies there no more."""
    names = {drop.name for drop in folder.drops}
    recordings = {drop.name for drop in folder.drops if drop.recording}
    standing = [entry for entry in catalogue.entries if entry.retracted_at is None]
    gone = [entry.recording for entry in standing if entry.recording and entry.source not in recordings]
    articles = {article.source for article in catalogue.articles if article.retracted_at is None}
    return _Wanted(
        recordings={entry.source for entry in standing},
        lengths={recording.length_bytes for recording in gone},
        articles=articles if articles - names else None,
    )


def _lying(folder: Folder, wanted: _Wanted, content_of: Callable[[Drop], str]) -> Lying:
    contents = {drop: content_of(drop) if wanted.has(drop) else "" for drop in folder.drops}
    return Lying(
        recordings={drop.name: sha for drop, sha in contents.items() if drop.recording},
        articles={drop.name: "" if drop.recording else sha for drop, sha in contents.items()},
    )


def _tell_notes_left_behind(studio: Studio, folder: Folder, moved: tuple[Learned, ...]) -> None:
    left = {drop.name: drop for drop in folder.drops if drop.recording is None and not drop.is_article}
    for one in moved:
        if one.old in left and not content_now(left[one.old]):  # else an article by itself
            what = f"are the notes of “{one.title}”, whose recording is called {one.new} now"
            mend = f"Call them {one.new}.md, too: edits of them are not taken before."
            note_refusal(studio, left[one.old], NotesError(f"{one.old}.md", what, mend))
