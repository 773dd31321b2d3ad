"""Checking drops before anything is taken: every problem of every drop at once."""

from __future__ import annotations

from pathlib import Path

from pillarcast.errors import PillarcastError, Problem, problems_of
from pillarcast.pipeline.artwork import show_artwork
from pillarcast.pipeline.drops import look_all
from pillarcast.pipeline.reading import read_drop
from pillarcast.pipeline.studio import Studio
from pillarcast.pipeline.subscribing import check_secret


def check_drops(studio: Studio, episodes: Path, articles: Path, only: str = "") -> tuple[Problem, ...]:
    """What is wrong with the show's artwork, the secret of its private feeds, and the drops in both folders; touches
    nothing."""
    folder = look_all(episodes, articles)
    problems = list(folder.problems)
    for check in (show_artwork, check_secret) if studio.show.feed.subscriber else (show_artwork,):
        try:
            check(studio)
        except PillarcastError as error:
            problems.append(error.problem)
    for drop in [folder.named(only)] if only else folder.drops:
        try:
            read_drop(drop)
        except PillarcastError as error:
            problems.extend(problems_of(error))
    return tuple(problems)
