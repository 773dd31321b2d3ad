"""Moving in: a foreign feed becomes a show of ours, under its own guids and dates, with nothing lost on the way.

Every episode is taken by itself and recorded at once, so an import that was stopped goes on where it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Protocol

from pillarcast.audio.tagging import fit_artwork
from pillarcast.errors import ChangeRefused, NeedsOwner, NotesError, PillarcastError, Problem
from pillarcast.model.base import FileRef
from pillarcast.model.catalogue import Catalogue, Entry
from pillarcast.model.imported import ImportedEpisode, ImportedShow
from pillarcast.model.importing import Moved, entry_of, with_audio
from pillarcast.pipeline.files import file_ref, keep_bytes, keep_file
from pillarcast.pipeline.studio import Studio
from pillarcast.ports import Progress, silent
from pillarcast.render.feed_chapters_reader import read_chapters
from pillarcast.render.feed_parity import Parity, compare
from pillarcast.render.feed_preview import preview
from pillarcast.render.feed_reader import read_feed

KEPT_TYPES = {"audio/mpeg": ".mp3", "audio/x-m4a": ".m4a", "audio/ogg": ".opus"}
"""Audio that the bucket takes in; other media stay with the old host."""
SMALLEST_AUDIO_BYTES = 16_384
TRANSCRIPT_TYPES = {"text/vtt": ".vtt", "application/x-subrip": ".srt", "application/srt": ".srt"}
_AT_ONCE = 20


class Downloader(Protocol):
    """Files of other hosts. Unreachable where nothing answers, Unsupported where what answers is no such file."""

    def fetch(self, url: str) -> bytes:
        """A small file whole."""

    def download(self, url: str, path: Path, progress: Progress = silent) -> str:
        """A large file, resumed where an earlier attempt stopped; its media type as the server says it."""


@dataclass(frozen=True)
class ImportPlan:
    """What an import would do: nothing of it has been done. `known` are guids that the catalogue has already.

    `elsewhere` are those of them whose audio an earlier import left with the old host.
    """

    source: str
    imported: ImportedShow
    parity: Parity
    known: frozenset[str]
    elsewhere: frozenset[str] = frozenset()

    @property
    def new(self) -> tuple[ImportedEpisode, ...]:
        return tuple(episode for episode in self.imported.episodes if episode.guid not in self.known)

    @property
    def left(self) -> tuple[ImportedEpisode, ...]:
        """Episodes that are here, and whose audio is not."""
        return tuple(episode for episode in self.imported.episodes if episode.guid in self.elsewhere)


@dataclass(frozen=True)
class Import:
    """What an import did. `problems` are what could not be taken in and stays where it was."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]


def read_source(source: str, downloader: Downloader) -> tuple[bytes, str]:
    """The feed at an address or in a file, and its address where it has one."""
    if source.startswith(("http://", "https://")):
        return downloader.fetch(source), source
    try:
        return Path(source).read_bytes(), ""
    except OSError as error:
        what = f"cannot be read ({error.strerror})"
        raise NotesError(source, what, "Give a file, or an address with https://.") from None


def plan_import(studio: Studio, source: str, downloader: Downloader) -> ImportPlan:
    """Reads the feed and says, field by field, what would become of it. Touches nothing."""
    feed, url = read_source(source, downloader)
    imported = read_feed(feed, url)
    parity = compare(feed, preview(imported, studio.addresses), url)
    entries = studio.store.load().catalogue.entries
    elsewhere = frozenset(entry.guid for entry in entries if entry.media_url)
    return ImportPlan(source, imported, parity, frozenset(entry.guid for entry in entries), elsewhere)


def check_may_import(plan: ImportPlan, *, is_mine: bool) -> None:
    """ChangeRefused for a feed that its host has locked, unless its owner says that it is theirs."""
    if plan.imported.is_locked and not is_mine:
        mend = "Unlock it at its host, or say that the show is yours: --mine"
        raise ChangeRefused(plan.source, "is locked against imports (podcast:locked)", mend)


def import_show(studio: Studio, plan: ImportPlan, downloader: Downloader, *, keep_media: bool = False) -> Import:
    """Takes in every episode that is not there yet. With `keep_media` audio and pictures stay with the old host.

    Without it, audio that an earlier import had to leave there is asked for once more.
    """
    taken: list[Entry] = []
    problems: list[Problem] = []
    with studio.writing():
        for batch in _batches(_still_new(studio, plan.new)):
            entries = []
            for episode in batch:
                studio.tell(f"{episode.episode.title}")
                moved, episode_problems = _move(studio, episode, downloader, keep_media=keep_media)
                problems += episode_problems
                entries.append(entry_of(_with_chapters(episode, downloader, problems), moved, studio.clock.now()))
            studio.store.change(partial(_with, tuple(entries)))
            taken += entries
        for episode in () if keep_media else plan.left:
            taken += _fetch_left(studio, episode, downloader, problems)
    return Import(tuple(taken), tuple(problems))


def _still_new(studio: Studio, episodes: Iterable[ImportedEpisode]) -> tuple[ImportedEpisode, ...]:
    """Without those that an earlier attempt at the same plan took in."""
    here = {entry.guid for entry in studio.store.load().catalogue.entries}
    return tuple(episode for episode in episodes if episode.guid not in here)


def _fetch_left(
    studio: Studio, episode: ImportedEpisode, downloader: Downloader, problems: list[Problem]
) -> list[Entry]:
    """The audio of an episode that is here without it. Its words stay as they are now."""
    studio.tell(f"{episode.episode.title}: its audio")
    try:
        audio = _audio(studio, episode, downloader)
    except PillarcastError as error:
        problems.append(_stays(episode, "audio", error))
        return []
    if audio is None:
        return []
    before = studio.store.load().catalogue.entry(episode.guid)
    entry = with_audio(before, audio)
    studio.store.change(lambda now: now.with_entry(with_audio(now.entry(episode.guid), audio)))
    return [entry]


def _stays(episode: ImportedEpisode, name: str, error: PillarcastError) -> Problem:
    what = f"its {name} stays with the old host: {error.problem.what}"
    return Problem(episode.episode.title, what, error.problem.mend, is_warning=True)


def import_artwork(studio: Studio, imported: ImportedShow, downloader: Downloader) -> Path | None:
    """The show's artwork beside show.toml, where none is there yet."""
    path = studio.project / studio.show.show.artwork
    if path.exists() or not imported.artwork_url:
        return None
    path.write_bytes(fit_artwork(downloader.fetch(imported.artwork_url), path.name))
    return path


def _batches(episodes: Sequence[ImportedEpisode]) -> Iterator[Sequence[ImportedEpisode]]:
    """Oldest first, as they were once published."""
    oldest_first = episodes[::-1]
    return (oldest_first[start : start + _AT_ONCE] for start in range(0, len(oldest_first), _AT_ONCE))


def _with(entries: Iterable[Entry], catalogue: Catalogue) -> Catalogue:
    """Slugs that somebody took meanwhile get a number."""
    for entry in entries:
        slugs = {one.slug for one in catalogue.entries if one.guid != entry.guid}
        slug, number = entry.slug, 2
        while slug in slugs:
            slug, number = f"{entry.slug[:74]}-{number}", number + 1
        catalogue = catalogue.with_entry(entry.model_copy(update={"slug": slug}))
    return catalogue


def _move(
    studio: Studio, episode: ImportedEpisode, downloader: Downloader, *, keep_media: bool
) -> tuple[Moved, list[Problem]]:
    """What of an episode comes into the bucket; what cannot stays where it is, with the reason."""
    notes = keep_bytes(studio, episode.notes.encode(), "text/markdown", f"{episode.slug}.md") if episode.notes else None
    moved, problems = Moved(notes=notes), list[Problem]()
    if keep_media:
        return moved, problems
    steps = (("audio", _audio), ("artwork", _artwork), ("transcript", _transcript))
    for name, step in steps:
        try:
            moved = replace(moved, **{name: step(studio, episode, downloader)})
        except PillarcastError as error:
            problems.append(_stays(episode, name, error))
    return moved, problems


def _audio(studio: Studio, episode: ImportedEpisode, downloader: Downloader) -> FileRef | None:
    enclosure = episode.enclosure
    suffix = KEPT_TYPES.get(enclosure.media_type)
    if suffix is None:
        raise NeedsOwner(enclosure.url, f"{enclosure.media_type} is no audio that we serve", "Nothing to do.")
    path = studio.work / "imports" / f"{episode.slug}{suffix}"
    path.parent.mkdir(parents=True, exist_ok=True)
    media_type = downloader.download(enclosure.url, path, _progress(studio, episode.slug))
    length = path.stat().st_size
    if length < SMALLEST_AUDIO_BYTES or media_type.startswith("text/"):
        path.unlink()
        mend = "Look whether the audio plays at its old address."
        raise NeedsOwner(enclosure.url, f"{length} bytes of {media_type} arrived, which is no audio", mend)
    kept = keep_file(studio, path, file_ref(path, enclosure.media_type))
    path.unlink()
    return kept


def _progress(studio: Studio, slug: str) -> Progress:
    return lambda done, total: studio.progress(slug, done / total if total else 0.0)


def _artwork(studio: Studio, episode: ImportedEpisode, downloader: Downloader) -> FileRef | None:
    url = episode.episode.image_url
    if not url:
        return None
    picture = fit_artwork(downloader.fetch(url), url.rpartition("/")[2])
    return keep_bytes(studio, picture, "image/jpeg", f"{episode.slug}.jpg")


def _transcript(studio: Studio, episode: ImportedEpisode, downloader: Downloader) -> FileRef | None:
    """The first, where it has time codes; the others stay linked."""
    first = next(iter(episode.episode.transcripts), None)
    suffix = TRANSCRIPT_TYPES.get(first.media_type) if first else None
    if first is None or suffix is None:
        return None
    media_type = "text/vtt" if suffix == ".vtt" else "application/x-subrip"
    return keep_bytes(studio, downloader.fetch(first.url), media_type, f"{episode.slug}{suffix}")


def _with_chapters(episode: ImportedEpisode, downloader: Downloader, problems: list[Problem]) -> ImportedEpisode:
    """Chapters of another server, read once and kept from then on."""
    said = episode.episode
    if not said.chapters_url or said.chapters:
        return episode
    try:
        chapters = read_chapters(downloader.fetch(said.chapters_url))
    except PillarcastError as error:
        what = f"its chapters stay with the old host: {error.problem.what}"
        problems.append(Problem(said.title, what, error.problem.mend, is_warning=True))
        return episode
    changes = {"chapters": chapters, "chapters_url": "", "chapters_type": ""} if chapters else {}
    return episode.model_copy(update={"episode": said.model_copy(update=changes)})
