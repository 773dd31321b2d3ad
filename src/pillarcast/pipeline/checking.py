"""Checking drops before anything is taken: every problem of every drop at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pillarcast.errors import PillarcastError, Problem, problems_of
from pillarcast.model.catalogue import Catalogue
from pillarcast.model.episode import Episode
from pillarcast.model.known import numbered
from pillarcast.model.naming import counted
from pillarcast.model.notes import NotesKind
from pillarcast.pipeline.artwork import show_artwork
from pillarcast.pipeline.drops import Drop, look_all
from pillarcast.pipeline.intake import without_recording
from pillarcast.pipeline.reading import Said, read_drop
from pillarcast.pipeline.studio import Studio
from pillarcast.pipeline.subscribing import check_secret


@dataclass(frozen=True)
class Checked:
    """What is wrong, what the recordings that can be read would be as episodes, and which notes lie there without one:
    by the names of their drops."""

    problems: tuple[Problem, ...]
    episodes: Mapping[str, Episode]
    alone: Mapping[str, Problem]


def check_drops(studio: Studio, recordings: Path, articles: Path, only: str = "") -> Checked:
    """What is wrong with the show's artwork, the secret of its private feeds, and the drops in both folders; touches
    nothing."""
    folder = look_all(recordings, articles)
    problems = list(folder.problems)
    for check in (show_artwork, check_secret) if studio.show.feed.subscriber else (show_artwork,):
        try:
            check(studio)
        except PillarcastError as error:
            problems.append(error.problem)
    drops = [folder.named(only)] if only else folder.drops
    read = {
        drop.name: (drop, said) for drop in drops if (said := _read(drop, problems)) and not _is_article(drop, said)
    }
    episodes = {name: said.episode for name, (drop, said) in read.items() if drop.recording}
    waiting = {name: without_recording(drop).problem for name, (drop, _) in read.items() if not drop.recording}
    return Checked(tuple(problems), episodes, {name: replace(one, is_warning=True) for name, one in waiting.items()})


def _read(drop: Drop, problems: list[Problem]) -> Said | None:
    try:
        return read_drop(drop)
    except PillarcastError as error:
        problems.extend(problems_of(error))
        return None


def _is_article(drop: Drop, said: Said) -> bool:
    return drop.is_article or said.notes.front.kind is NotesKind.ARTICLE


def notes_alone(catalogue: Catalogue, alone: Mapping[str, Problem]) -> Iterator[Problem]:
    """Notes that wait for a recording; of an episode that was taken they are its words still."""
    taken = {entry.source for entry in catalogue.entries if not entry.retracted_at}
    return (problem for name, problem in alone.items() if name not in taken)


def doubled_numbers(catalogue: Catalogue, dropped: Mapping[str, Episode]) -> Iterator[Problem]:
    """Numbers that two standing episodes of one season have, so that neither goes by it in a command."""
    sources: dict[tuple[int | None, int], list[str]] = defaultdict(list)
    for source, episode in _standing(catalogue, dropped).items():
        if place := numbered(episode):
            sources[place].append(source)
    for (_, number), names in sources.items():
        if len(names) > 1:
            what = f"is the number of {counted(len(names), 'episodes')}: {', '.join(names)}"
            mend = "Write another `episode:` into the notes of one, then run `pillarcast ingest`."
            yield Problem(f"episode {number}", what, mend, is_warning=True)


def _standing(catalogue: Catalogue, dropped: Mapping[str, Episode]) -> dict[str, Episode]:
    """As the next ingest would leave them. What has a title that is known already was renamed, and is no other one."""
    known = {entry.source: entry.episode for entry in catalogue.entries if not entry.retracted_at}
    retracted = {entry.source for entry in catalogue.entries if entry.retracted_at} - known.keys()
    titles = {episode.title for episode in known.values()}
    fresh = {
        name: episode
        for name, episode in dropped.items()
        if name in known or (name not in retracted and episode.title not in titles)
    }
    return known | fresh
