"""Ingest: a drop on its way to the queue, taken and mastered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pillarcast.errors import NeedsOwner, PillarcastError, Problem, problems_of
from pillarcast.model.catalogue import Catalogue, Entry
from pillarcast.model.queue_words import move_of
from pillarcast.pipeline.drops import Drop, Folder
from pillarcast.pipeline.intake import Intake, Outcome, forget_gone, intake, note_refusal
from pillarcast.pipeline.renames import content_now, learn_names
from pillarcast.pipeline.staging import check_ready, stage
from pillarcast.pipeline.studio import Studio


@dataclass(frozen=True)
class Ingested:
    """What became of a drop; `entry` is None for an article. `moved` are those that waited already, and got another
    slot because of it."""

    intake: Intake
    entry: Entry | None
    moved: tuple[Entry, ...] = ()


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
            staged = stage(studio, taken.guid)
            return Ingested(taken, staged.entry, (*taken.moved, *staged.moved))
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


def as_it_stands(one: Ingested, catalogue: Catalogue) -> Ingested:
    """With the slots of now: a drop that was taken after it may have gone first. Of what is gone by now, nothing."""
    guids = {entry.guid for entry in (one.entry, *one.moved) if entry}
    now = {entry.guid: entry for entry in catalogue.kept.where(lambda card: card.guid in guids)}
    entry = now.get(one.entry.guid) if one.entry else None
    return replace(one, entry=entry, moved=tuple(now[each.guid] for each in one.moved if each.guid in now))


def moves_in(taken: Sequence[Ingested], when: Callable[[datetime], str]) -> list[str]:
    """What drops did to episodes that waited before them, a sentence each. Of those that were taken with them, their
    own slots tell."""
    came = {one.intake.guid for one in taken if one.intake.outcome is not Outcome.KNOWN}
    told = {moved.guid: move_of(moved, one.entry, when) for one in taken if one.entry for moved in one.moved}
    return [sentence for guid, sentence in told.items() if guid not in came]
