"""Moving in: a foreign feed becomes a show of ours, under its own guids and dates, with nothing lost on the way.

Every episode is taken by itself and recorded at once, so an import that was stopped goes on where it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pillarcast.audio.tagging import fit_artwork
from pillarcast.errors import ChangeRefused, NotesError, PillarcastError, Problem
from pillarcast.model.catalogue import Catalogue, Entry
from pillarcast.model.imported import ImportedEpisode, ImportedShow
from pillarcast.model.importing import entry_of, with_audio
from pillarcast.pipeline.fetching import Downloader, fetch_audio, moved_media, stays, with_chapters
from pillarcast.pipeline.studio import Studio
from pillarcast.render.feed_parity import Parity, compare
from pillarcast.render.feed_preview import preview
from pillarcast.render.feed_reader import read_feed

_AT_ONCE = 20
"""Episodes that are recorded together, where nothing is fetched for them."""


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


def check_may_import(source: str, imported: ImportedShow, *, is_mine: bool) -> None:
    """ChangeRefused for a feed that its host has locked, unless its owner says that it is theirs."""
    if imported.is_locked and not is_mine:
        mend = "Unlock it at its host, or say that the show is yours: --mine"
        raise ChangeRefused(source, "is locked against imports (podcast:locked)", mend)


def import_show(studio: Studio, plan: ImportPlan, downloader: Downloader, *, keep_media: bool = False) -> Import:
    """Takes in every episode that is not there yet. With `keep_media` audio and pictures stay with the old host.

    Without it, audio that an earlier import had to leave there is asked for once more.
    """
    taken: list[Entry] = []
    problems: list[Problem] = []
    with studio.writing():
        studio.store.change(partial(_with_identity, studio.show.feed.guid or plan.imported.feed.guid))
        for batch in _batches(_still_new(studio, plan.new), _AT_ONCE if keep_media else 1):
            entries = []
            for episode in batch:
                studio.tell(f"{episode.episode.title}")
                moved, episode_problems = moved_media(studio, episode, downloader, keep_media=keep_media)
                problems += episode_problems
                entries.append(entry_of(with_chapters(episode, downloader, problems), moved, studio.clock.now()))
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
        audio = fetch_audio(studio, episode, downloader)
    except PillarcastError as error:
        problems.append(stays(episode, "audio", error))
        return []
    if audio is None:
        return []
    before = studio.store.load().catalogue.entry(episode.guid)
    entry = with_audio(before, audio)
    studio.store.change(lambda now: now.with_entry(with_audio(now.entry(episode.guid), audio)))
    return [entry]


def import_artwork(studio: Studio, imported: ImportedShow, downloader: Downloader) -> Path | None:
    """The show's artwork beside show.toml, where none is there yet."""
    path = studio.project / studio.show.show.artwork
    if path.exists() or not imported.artwork_url:
        return None
    path.write_bytes(fit_artwork(downloader.fetch(imported.artwork_url), path.name))
    return path


def _batches(episodes: Sequence[ImportedEpisode], size: int) -> Iterator[Sequence[ImportedEpisode]]:
    """Oldest first, as they were once published."""
    oldest_first = episodes[::-1]
    return (oldest_first[start : start + size] for start in range(0, len(oldest_first), size))


def _with_identity(show_guid: str, catalogue: Catalogue) -> Catalogue:
    """The show keeps the podcast:guid that directories know, unless it has episodes, and one of its own, already."""
    if catalogue.entries or not show_guid:
        return catalogue
    return catalogue.model_copy(update={"show_guid": show_guid})


def _with(entries: Iterable[Entry], catalogue: Catalogue) -> Catalogue:
    """Slugs that somebody took meanwhile get a number."""
    for entry in entries:
        slugs = {one.slug for one in catalogue.pieces if one.guid != entry.guid}
        slug, number = entry.slug, 2
        while slug in slugs:
            slug, number = f"{entry.slug[:74]}-{number}", number + 1
        catalogue = catalogue.with_entry(entry.model_copy(update={"slug": slug}))
    return catalogue
