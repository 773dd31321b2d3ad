"""The flow `ingest`: drops from episodes/ on their way to the queue; what is live already is brought up to date."""

from __future__ import annotations

from functools import partial
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.bringing import Brought, aired_too, bring_up_to_date
from flows.desk import Desk, Ending, at_desk
from flows.facts import hour, master_facts
from flows.hours import plan_extra_runs
from flows.limits import one_at_a_time
from flows.orders import IngestOrder
from flows.picture import kept_picture
from pillarcast.errors import PillarcastError, Problem, Several, problems_of
from pillarcast.model.catalogue import State as Stage
from pillarcast.pipeline.drops import Drop, Folder, look_all
from pillarcast.pipeline.ingest import Ingested, as_it_stands, moves_in
from pillarcast.pipeline.ingest import ingest as ingest_drop
from pillarcast.pipeline.intake import Outcome
from pillarcast.pipeline.planning import Request


@flow(
    name="ingest",
    description="Takes recordings from episodes/, masters them and puts them in the queue. "
    "Notes that changed change the page and the feed; what is there already is not made again.",
    flow_run_name="ingest",
)
async def ingest(order: IngestOrder = IngestOrder()) -> State[Any]:  # noqa: B008 - the model is frozen
    return await at_desk(lambda desk: take_drops(desk, order))


def take_drops(desk: Desk, order: IngestOrder) -> Ending:
    """One refused drop does not keep the others waiting, but the run ends in it."""
    desk.call_run(f"ingest {order.drop or 'everything in episodes/'}")
    folder = look_all(desk.house.settings.episodes, desk.house.settings.articles)
    wanted = [folder.named(order.drop)] if order.drop else list(folder.drops)
    taken: list[Ingested] = []
    problems: list[Problem] = [] if order.drop else list(folder.problems)
    for drop in wanted:
        try:
            taken.append(_take(desk, drop, folder))
        except PillarcastError as error:
            if order.drop:
                raise
            desk.board.leave()
            problems.extend(problems_of(error))
    brought = _bring(desk, taken)
    studio = desk.studio
    plan_extra_runs(desk.show, studio.show.schedule, studio.store.load().catalogue, studio.clock.now())
    if problems:
        raise Several(problems)
    return _ending(desk, order, taken, brought)


def _take(desk: Desk, drop: Drop, folder: Folder) -> Ingested:
    desk.say(f"Looking at {', '.join(path.name for path in drop.files)}.")
    settle_s = desk.house.settings.settle_s
    taken = desk.attempts.effect(f"take {drop.name}", lambda: ingest_drop(desk.studio, drop, folder, settle_s))
    _tell(desk, taken)
    return taken


def _tell(desk: Desk, taken: Ingested) -> None:
    title, outcome, entry = taken.intake.title, taken.intake.outcome, taken.entry
    desk.warn(taken.intake.warnings)
    desk.page.say("", f"## “{title}”: {outcome}")
    for move in moves_in([taken], partial(hour, desk.studio)):
        desk.say(f"{move}.")
        desk.page.say(f"{move}.")
    if entry is None or entry.master is None:
        desk.say(f"“{title}”: {outcome}.")
        return
    airs = hour(desk.studio, entry.published_at or entry.slot)
    was = "is live since" if entry.state is Stage.LIVE else "airs"
    loudness = f"{entry.master.before.integrated_lufs:.1f} → {entry.master.after.integrated_lufs:.1f} LUFS"
    desk.say(f"“{title}”: {outcome}, {loudness}, {was} {airs}.")
    desk.page.facts([("guid", f"`{entry.guid}`"), (was, airs), *master_facts(entry.master)])
    if outcome in (Outcome.NEW, Outcome.CHANGED):
        desk.warn(Problem(f"“{title}”", warning, is_warning=True) for warning in entry.master.warnings)
        desk.page.picture(kept_picture(desk.studio, entry))


def _bring(desk: Desk, taken: list[Ingested]) -> list[Brought]:
    """Changed words of what is live, articles, and notes on what airs next reach the public in the same run.

    So does what is here already: the run that took it may have died before it brought it.
    """
    if not taken:
        return []
    news = [one for one in taken if one.intake.outcome is not Outcome.KNOWN]
    requests = [Request(one.intake.guid) for one in news if one.entry and one.entry.state is Stage.LIVE]
    if not requests or any(one.entry is None or one.entry.state is not Stage.LIVE for one in news):
        requests.append(Request())
    with one_at_a_time(desk.show):
        return [bring_up_to_date(desk, request) for request in requests]


def _ending(desk: Desk, order: IngestOrder, taken: list[Ingested], brought: list[Brought]) -> Ending:
    news = [one for one in taken if one.intake.outcome is not Outcome.KNOWN]
    titles = ", ".join(f"“{one.intake.title}”" for one in (news or taken)[:3])
    copied = next((one.intake.copied for one in taken if order.drop), None)
    if copied is None and (news or order.drop):
        desk.call_run(f"ingest {titles}")
    if not taken:
        return Ending("There is nothing in episodes/.", is_news=False)
    if not news:
        is_seen = any(one.is_seen for one in brought)
        nothing = str(copied) if copied else f"Nothing new: {titles} is here already."
        made_up = " What had yet to reach the public has." if is_seen else ""
        return Ending(f"{nothing}{made_up}{aired_too(brought)}", is_news=is_seen, report=tuple(taken))
    catalogue = desk.studio.store.load().catalogue  # a later drop may have moved an earlier one
    moves = moves_in([as_it_stands(one, catalogue) for one in news], partial(hour, desk.studio))
    is_public = any(one.entry is None or one.entry.state is Stage.LIVE for one in news)
    public = "; the public sees it" if is_public and any(one.is_seen for one in brought) else ""
    said = "".join(f" {move}." for move in moves)
    return Ending(f"Taken: {titles}{public}.{said}{aired_too(brought)}", report=tuple(taken))
