"""The five things that a show does, each as one run of the program that may be repeated until it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pillarcast.errors import Several
from pillarcast.pipeline.announcing import announce
from pillarcast.pipeline.drops import look
from pillarcast.pipeline.ingest import ingest, ingest_all
from pillarcast.pipeline.planning import Request
from pillarcast.pipeline.publishing import problems_in, publish
from pillarcast.pipeline.retracting import retract
from pillarcast.pipeline.studio import Studio
from pillarcast.pipeline.verifying import check_verified, verify
from tests.crash.world import THURSDAY, World
from tests.show_support.place import MONDAY, artwork

FIRST, SECOND, THIRD, ARTICLE = "041-first", "042-second", "043-third", "why-rush"
NOTES = """---
title: {title}
summary: What recruiters look at.
tags: [careers]
chapters:
  - {{at: "0:00", title: Hello}}
  - {{at: "0:01", title: Numbers}}
---
Write *{word}* line a week.
"""
TRANSCRIPT = "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nHello.\n"
RUSH = "---\ntype: article\ntitle: Why job hunters rush\npublish_at: 2026-06-11 05:00\n---\nThey *should* not.\n"


@dataclass(frozen=True)
class Story:
    """`set_up` is what the owner or the clock does first, `run` what the program does. Both may be repeated."""

    name: str
    run: Callable[[World, Studio], object]
    set_up: Callable[[World], object] = lambda _world: None


def beginning(root: Path) -> World:
    """One live episode, one in the queue, an article that is due on Thursday, and a recording just dropped."""
    world = World(root)
    world.clock.moment = MONDAY
    place = world.place
    place.drop(FIRST, NOTES.format(title="The first call", word="one"), seed=1, seconds=2)
    (place.episodes / f"{FIRST}.vtt").write_text(TRANSCRIPT, "utf-8")
    place.drop(SECOND, NOTES.format(title="The second call", word="one"), seed=2, seconds=2)
    (place.episodes / f"{ARTICLE}.md").write_text(RUSH, "utf-8")
    with world.studio() as studio:
        _ingest(world, studio)
        world.clock.moment = THURSDAY.replace(day=4)
        _publish(studio, Request())
    world.clock.moment = THURSDAY.replace(day=10)
    place.drop(THIRD, NOTES.format(title="The third call", word="one"), seed=3, seconds=2)
    return world


def _ingest(world: World, studio: Studio) -> None:
    _taken, problems = ingest_all(studio, look(world.place.episodes), settle_s=0)
    if problems:
        raise Several(problems)


def _publish(studio: Studio, request: Request) -> None:
    """What the command and the flow do: publish, look at it from outside, tell the hubs."""
    publication = publish(studio, request)
    newest = [entry.guid for entry in publication.catalogue.live[:1]]
    check_verified(verify(studio, [air.guid for air in publication.plan.airs] or newest))
    untold = announce(studio)
    if untold:
        raise Several(untold)  # a warning to people, who may leave it to the next run
    unfinished = problems_in(publication)
    if unfinished is not None:
        raise unfinished


def _change_notes(world: World) -> None:
    """New words and a picture of its own for the live episode."""
    notes = world.place.episodes / f"{FIRST}.md"
    notes.write_text(NOTES.format(title="The very first call", word="two"), "utf-8")
    (world.place.episodes / f"{FIRST}.jpg").write_bytes(artwork(1400, "#7a2e1d"))


def _edit(world: World, studio: Studio) -> None:
    folder = look(world.place.episodes)
    ingest(studio, folder.named(FIRST), folder, settle_s=0)
    _publish(studio, Request())


def _retract(_world: World, studio: Studio) -> None:
    retract(studio, FIRST)
    _publish(studio, Request())


def _let_thursday_come(world: World) -> None:
    world.clock.moment = THURSDAY


STORIES = (
    Story("ingest", _ingest),
    Story("publish", lambda _world, studio: _publish(studio, Request(SECOND))),
    Story("weekly", lambda _world, studio: _publish(studio, Request()), _let_thursday_come),
    Story("edit", _edit, _change_notes),
    Story("retract", _retract),
)
