"""Ingest: a drop on its way to the queue, taken and mastered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pillarcast.errors import NeedsOwner, PillarcastError, Problem, problems_of
from pillarcast.model.catalogue import Entry
from pillarcast.pipeline.drops import Drop, Folder
from pillarcast.pipeline.intake import Intake, Outcome, forget_gone, intake, note_refusal
from pillarcast.pipeline.renames import content_now, learn_names
from pillarcast.pipeline.staging import check_ready, stage
from pillarcast.pipeline.studio import Studio


@dataclass(frozen=True)
class Ingested:
    """What became of a drop; `entry` is None for an article."""

    intake: Intake
    entry: Entry | None


def ingest(studio: Studio, drop: Drop, folder: Folder, settle_s: float) -> Ingested:
    """Takes one drop and makes its master. Safe to repeat: what is there already is not made again. Whatever else was
    renamed is known by its new name from then on.

    What is wrong with the show is no refusal of the drop: a refused one is not looked at again before it is changed.
    """
    with studio.writing():
        learn_names(studio, folder, lambda other: content_now(other) if other != drop else "")
        taken = intake(studio, drop, folder, settle_s)
        if taken.outcome is Outcome.ARTICLE:
            return Ingested(taken, None)
        check_ready(studio, taken.guid)
        try:
            return Ingested(taken, stage(studio, taken.guid))
        except NeedsOwner as error:
            note_refusal(studio, drop, error, unmade=taken.guid if taken.outcome is Outcome.NEW else "")
            raise


def ingest_all(
    studio: Studio, folder: Folder, settle_s: float, note: Callable[[PillarcastError], object] = lambda _error: None
) -> tuple[tuple[Ingested, ...], tuple[Problem, ...]]:
    """Takes every drop of a folder; a refused one does not keep the others waiting. `note` is told of each error."""
    taken: list[Ingested] = []
    problems = list(folder.problems)
    for drop in folder.drops:
        try:
            taken.append(ingest(studio, drop, folder, settle_s))
        except PillarcastError as error:
            note(error)
            problems.extend(problems_of(error))
    forget_gone(studio, folder)
    return tuple(taken), tuple(problems)
