"""The flow `import`: a foreign feed, or an exported show, moves in; by default it only says what would become of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.desk import Desk, Ending, at_desk
from flows.orders import ImportOrder
from flows.pages import keep_table
from pillarcast.adapters.downloads import Downloads
from pillarcast.errors import PillarcastError, Problem
from pillarcast.pipeline.exporting import check_empty, files_of, import_export, is_export, read_export
from pillarcast.pipeline.fetching import Downloader
from pillarcast.pipeline.importing import (
    ImportPlan,
    check_may_import,
    import_artwork,
    import_show,
    plan_import,
)
from pillarcast.pipeline.parity import parity_rows, render_parity

NEXT = "Look at it, then run publish."


@flow(
    name="import",
    description="Moves a show in, with every guid and date kept: from the address or file of its feed, or from a "
    "folder that `pillarcast export` wrote. Run it with “Only try it” first: that changes nothing and says, field by "
    "field, what would become of every episode.",
    flow_run_name="import",
)
async def import_feed(order: ImportOrder) -> State[Any]:
    return await at_desk(lambda desk: _import(desk, order))


def _import(desk: Desk, order: ImportOrder) -> Ending:
    desk.call_run(f"{'try to import' if order.is_dry_run else 'import'} {order.source[:80]}")
    if is_export(Path(order.source)):
        return _import_export(desk, order)
    downloads = Downloads(order.source)
    plan = desk.attempts.effect("read the feed", lambda: plan_import(desk.studio, order.source, downloads))
    _tell(desk, plan)
    check_may_import(order.source, plan.imported, is_mine=order.is_mine)
    if order.is_dry_run:
        verdict = "clean" if plan.parity.is_clean else f"{len(plan.parity.unexplained)} differences not explained"
        return Ending(f"Would take in {len(plan.new)} episodes; the report is {verdict}.", is_news=False, report=plan)
    return _take(desk, order, plan, downloads)


def _take(desk: Desk, order: ImportOrder, plan: ImportPlan, downloads: Downloader) -> Ending:
    _take_artwork(desk, plan, downloads)
    done = desk.attempts.effect(
        "take the episodes in",
        lambda: import_show(desk.studio, plan, downloads, keep_media=order.has_media_left),
    )
    desk.warn(done.problems)
    rows: list[dict[str, object]] = [
        {"episode": entry.episode.title, "guid": entry.guid, "audio": entry.media_url or "in the bucket"}
        for entry in done.entries
    ]
    keep_table(rows, "What was taken in")
    if not done.entries:
        return Ending("Nothing new: every episode is here already.", is_news=False, report=done)
    return Ending(f"Took in {len(done.entries)} episodes. {NEXT}", report=done)


def _take_artwork(desk: Desk, plan: ImportPlan, downloads: Downloader) -> None:
    """Without it the episodes can be taken in, but not be published."""
    try:
        import_artwork(desk.studio, plan.imported, downloads)
    except PillarcastError as error:
        mend = f"Put {desk.studio.show.show.artwork} beside show.toml before you publish."
        desk.warn([Problem("artwork", error.problem.what, mend, is_warning=True)])


def _tell(desk: Desk, plan: ImportPlan) -> None:
    desk.page.say("## The old feed against the new one", "", "```", render_parity(plan.parity), "```", "")
    desk.page.say(f"{len(plan.new)} episodes to take in, {len(plan.known)} are here already.")
    desk.say(f"{plan.parity.imported} of {plan.parity.items} items can be taken.")
    keep_table(parity_rows(plan.parity), "What differs between the old feed and the new one, and why")


def _import_export(desk: Desk, order: ImportOrder) -> Ending:
    """A whole show, as another installation left it."""
    folder = Path(order.source)
    exported = desk.attempts.effect("read the folder", lambda: read_export(folder))
    length = sum(ref.length_bytes for ref in files_of(exported))
    desk.page.say(f"{len(exported.entries)} episodes, {length / 1e6:.0f} MB, every file as its name says.")
    if order.is_dry_run:
        check_empty(desk.studio, folder)
        return Ending(f"Would take in {len(exported.entries)} episodes, whole.", is_news=False, report=exported)
    desk.attempts.effect("take the show in", lambda: import_export(desk.studio, folder))
    return Ending(f"Took in {len(exported.entries)} episodes with everything of theirs. {NEXT}", report=exported)
