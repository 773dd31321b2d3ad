"""Checking drops before anything is taken: every problem of every drop at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pillarcast.errors import PillarcastError, Problem, problems_of
from pillarcast.model.catalogue import Catalogue
from pillarcast.model.episode import Episode, EpisodeKind
from pillarcast.model.naming import counted
from pillarcast.model.notes import NotesKind
from pillarcast.pipeline.artwork import show_artwork
from pillarcast.pipeline.drops import Drop, look_all
from pillarcast.pipeline.intake import without_recording
from pillarcast.pipeline.reading import read_drop
from pillarcast.pipeline.studio import Studio


@dataclass(frozen=True)
class Checked:
    """What is wrong, and what the recordings that can be read would be as episodes, by the names of their drops."""

    problems: tuple[Problem, ...]
    episodes: Mapping[str, Episode]


def check_drops(studio: Studio, recordings: Path, articles: Path, only: str = "") -> Checked:
    """What is wrong with the show's artwork and with the drops in both folders; touches nothing."""
    folder = look_all(recordings, articles)
    problems = list(folder.problems)
    try:
        show_artwork(studio)
    except PillarcastError as error:
        problems.append(error.problem)
    drops = [folder.named(only)] if only else folder.drops
    episodes = {drop.name: episode for drop in drops if (episode := _read(drop, problems))}
    return Checked(tuple(problems), episodes)


def _read(drop: Drop, problems: list[Problem]) -> Episode | None:
    """The episode that a recording would be; None for an article, for notes that wait, and for what cannot be read."""
    try:
        said = read_drop(drop)
    except PillarcastError as error:
        problems.extend(problems_of(error))
        return None
    if drop.is_article or said.notes.front.kind is NotesKind.ARTICLE:
        return None
    if drop.recording is None:
        problems.append(replace(without_recording(drop).problem, is_warning=True))
        return None
    return said.episode


def doubled_numbers(catalogue: Catalogue, dropped: Mapping[str, Episode]) -> Iterator[Problem]:
    """Numbers that two standing episodes of one season have, so that neither goes by it in a command."""
    sources: dict[tuple[int | None, int], list[str]] = defaultdict(list)
    for source, episode in _standing(catalogue, dropped).items():
        if episode.number is not None and episode.kind is EpisodeKind.FULL:
            sources[episode.season, episode.number].append(source)
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
