"""A run at work: the show's house is open, the owner is told, and the end becomes a state, a page and a message."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from prefect import get_run_logger
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.runtime import deployment, flow_run
from prefect.states import Completed, Failed

from flows.boards import ProgressBoard
from flows.pages import Page
from flows.patience import Attempts
from flows.shows import Served, show_named
from flows.telling import Kind, Teller
from flows.tether import tether
from pillarcast.errors import NeedsOwner, PillarcastError, Problem, problems_of
from pillarcast.pipeline.studio import Studio
from pillarcast.ports import Clock
from pillarcast.wiring import House, open_house


@dataclass(frozen=True)
class Ending:
    """How a run that did its work ended: `title` in a sentence, `report` for who called the flow himself."""

    title: str
    is_news: bool = True
    report: object = None


@dataclass
class Desk:
    """What the body of a flow works with. `page` becomes the run's Markdown artifact, `board` shows progress."""

    show: Served
    house: House
    page: Page
    board: ProgressBoard
    attempts: Attempts = field(default_factory=Attempts)
    warnings: list[Problem] = field(default_factory=list)

    @property
    def studio(self) -> Studio:
        return self.house.studio

    def say(self, line: str) -> None:
        get_run_logger().info(line)

    def warn(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            get_run_logger().warning(str(problem))
            self.warnings.append(problem)

    def call_run(self, name: str) -> None:
        """The run's name in the UI says what it was about."""
        run_id = flow_run.get_id()
        if run_id:
            with get_client(sync_client=True) as client:
                client.update_flow_run(UUID(run_id), name=name)


Body = Callable[[Desk], Ending]


async def at_desk(body: Body, clock: Clock | None = None) -> State[Any]:
    """Runs `body` in a thread of its own. Errors of ours end the run as Failed, with their sentence and no traceback;
    faults are told, and raised as they are. `clock` is the one on the wall by default."""
    tether()
    return await asyncio.to_thread(_run, body, clock)


def _run(body: Body, clock: Clock | None) -> State[Any]:
    page, teller, board = Page(), Teller(), ProgressBoard()
    try:
        show = show_named(deployment.get_name() or "")
        with open_house(show.file, get_run_logger().info, board, clock) as house:
            teller = Teller(house.studio.show.notify, house.settings.work)
            desk = Desk(show, house, page, board)
            ending = body(desk)
            board.finish()
        return _done(desk, ending, teller)
    except PillarcastError as error:
        return _failed(error, page, teller)
    except Exception as fault:
        what = Problem("pillarcast", f"has a fault ({type(fault).__name__}: {fault})", "The run's log shows where.")
        teller.tell(Kind.FAILURE, str(what), [what])
        raise


def _done(desk: Desk, ending: Ending, teller: Teller) -> State[Any]:
    desk.page.warn(desk.warnings)
    desk.page.keep(ending.title)
    get_run_logger().info(ending.title)
    if desk.warnings:
        teller.tell(Kind.WARNING, ending.title, desk.warnings)
    elif ending.is_news:
        teller.tell(Kind.SUCCESS, ending.title, (), desk.page.text)
    return Completed(message=ending.title, data=ending.report)


def _failed(error: PillarcastError, page: Page, teller: Teller) -> State[Any]:
    problems = problems_of(error)
    for problem in problems:
        get_run_logger().error(str(problem))
    page.complain(problems)
    page.keep("Not done")
    teller.tell(Kind.REFUSAL if isinstance(error, NeedsOwner) else Kind.FAILURE, str(problems[0]), problems)
    return Failed(message=str(error))
