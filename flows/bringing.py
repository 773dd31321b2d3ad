"""Bringing the public up to date: publish, look from outside, tell the hubs. The work of every flow that publishes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flows.desk import Desk
from flows.facts import check_rows, episode_facts, plan_rows
from flows.pages import keep_table
from flows.picture import kept_picture
from flows.unsaid import mark_airs
from pillarcast.model.catalogue import Entry
from pillarcast.model.wanted import Step
from pillarcast.pipeline.announcing import announce
from pillarcast.pipeline.planning import Request
from pillarcast.pipeline.publishing import Publication, problems_in, publish
from pillarcast.pipeline.uncollected import uncollected
from pillarcast.pipeline.verifying import Check, check_verified, verify


@dataclass(frozen=True)
class Brought:
    """What reached the public: `titles` went on air, `changes` effects were planned, `checks` made from outside.
    `is_seen` where the public sees any of the changes."""

    titles: tuple[str, ...]
    changes: int
    entries: tuple[Entry, ...]
    checks: tuple[Check, ...]
    is_seen: bool


@uncollected()
def bring_up_to_date(desk: Desk, request: Request) -> Brought:
    """NotVerified where the public sees something else, the first problem of a blog where one failed.

    Where nothing went on air it looks at the newest episode: a run before may have died before it looked.
    """
    studio, attempts = desk.studio, desk.attempts

    def run_step(publication: Publication, step: Step) -> None:
        if step is Step.AIR:
            mark_airs(publication.plan.airs)
        attempts.run_step(publication, step)

    publication = attempts.patiently(lambda: publish(studio, request, run_step))
    desk.warn(problem for problem in publication.problems if problem.is_warning)
    entries = _touched(publication, request)
    brought = Brought(
        titles=tuple(air.title for air in publication.plan.airs),
        changes=len(publication.plan.actions),
        entries=entries,
        checks=_verified(desk, entries or tuple(publication.catalogue.live[:1])),
        is_seen=publication.plan.is_seen,
    )
    _tell(desk, publication, brought)
    check_verified(brought.checks)
    desk.warn(announce(studio))
    unfinished = problems_in(publication)
    if unfinished is not None:
        raise unfinished
    return brought


def aired_too(brought: Iterable[Brought]) -> str:
    """What a run that was for something else has to say of what went on air by it; with a blank before it."""
    titles = ", ".join(f"“{title}”" for one in brought for title in one.titles)
    return f" Live: {titles}." if titles else ""


def _touched(publication: Publication, request: Request) -> tuple[Entry, ...]:
    """What went on air, and the live episode that was asked for."""
    guids = {air.guid for air in publication.plan.airs} | {request.episode}
    return tuple(publication.catalogue.live.where(lambda card: card.guid in guids))


def _verified(desk: Desk, entries: tuple[Entry, ...]) -> tuple[Check, ...]:
    guids = [entry.guid for entry in entries]
    checks = desk.attempts.effect("look from outside", lambda: verify(desk.studio, guids))
    keep_table(check_rows(checks), "What was looked at from outside")
    wrong = sum(not check.is_right for check in checks)
    if checks:
        desk.say(f"{len(checks)} checks from outside, {wrong or 'none'} of them failed.")
    return checks


def _tell(desk: Desk, publication: Publication, brought: Brought) -> None:
    keep_table(plan_rows(desk.studio, publication.plan), "What was planned and done")
    for entry in brought.entries:
        desk.page.say("", f"## “{entry.episode.title}”")
        desk.page.facts(episode_facts(desk.studio, entry))
        desk.page.picture(kept_picture(desk.studio, entry))
    if brought.changes:
        right = sum(check.is_right for check in brought.checks)
        desk.page.say("", f"{brought.changes} changes, {right} of {len(brought.checks)} checks from outside are right.")
