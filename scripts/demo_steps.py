"""The steps of `make demo`: the sample recording becomes a public episode, by the same flows that serve every Thursday.

It starts a Prefect server and an S3 server on this machine, runs the flows `ingest` and `publish`, says what came of
it, and stops what it started. A second run changes nothing, and says so.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape

from flows.environment import LOOPBACK, server_environment
from flows.starting import free_port, started, wait_until_ready
from pillarcast.cli.rows import in_rows
from pillarcast.errors import PillarcastError, RecordingRefused
from pillarcast.model.catalogue import Entry
from pillarcast.model.master import Loudness
from pillarcast.pipeline.drops import Drop, look
from pillarcast.pipeline.files import file_ref
from pillarcast.wiring import House, open_house

if TYPE_CHECKING:  # Prefect reads its settings when it is imported first
    from flows.bringing import Brought
    from pillarcast.pipeline.ingest import Ingested

console = Console(highlight=False)


def main() -> int:
    show_file = Path(sys.argv[1] if len(sys.argv) > 1 else "show.toml")
    os.environ["PILLARCAST_SHOW"] = str(show_file)
    try:
        with open_house(show_file) as house, _prefect_server(house.settings.work):
            ingested, brought = asyncio.run(_main_job(_first_drop(house)))
            entry = house.studio.store.load().catalogue.entry(ingested.intake.guid)
            _say(house, entry, brought, _copy_of_master(house, entry))
    except PillarcastError as error:
        console.print(f"[bold red]Not done.[/] {escape(str(error))}", soft_wrap=True)
        return error.exit_code
    except KeyboardInterrupt:
        console.print("Stopped. [bold]make demo[/] goes on where it was.")
        return 130
    console.print(
        "What the demo started is stopped again: the addresses above answer while [bold]make up[/] runs, "
        "which also shows Prefect's UI."
    )
    return 0


@contextmanager
def _prefect_server(work: Path) -> Iterator[None]:
    """Its database stays in the work folder, so that `make up` shows these runs."""
    port = free_port()
    environment = server_environment(work / "prefect", port, os.environ)
    log = work / "logs" / "prefect.log"
    with started("flows.server", environment, log, "--brief") as process:
        os.environ |= environment
        with console.status("Starting the Prefect server …"):
            import flows.publish  # noqa: F401, PLC0415 - loads while the server does

            wait_until_ready(process, f"http://{LOOPBACK}:{port}/api/health", log, "Prefect server")
        yield


def _first_drop(house: House) -> Drop:
    for drop in look(house.settings.episodes).drops:
        if drop.recording is not None:
            return drop
    raise RecordingRefused(str(house.settings.episodes), "there is no recording", "Drop one there.")


async def _main_job(drop: Drop) -> tuple[Ingested, Brought]:
    """Both flows as anybody may call them; their logs are the progress that is shown."""
    from prefect.logging.handlers import APILogHandler  # noqa: PLC0415

    from flows.ingest import ingest  # noqa: PLC0415
    from flows.orders import IngestOrder, PublishOrder  # noqa: PLC0415
    from flows.publish import publish  # noqa: PLC0415

    logging.root.handlers = [_LinesOfRuns()]  # Prefect has put its own there
    with console.status(f"flow [bold]ingest[/]: {drop.name}"):
        (ingested,) = await _report(ingest(IngestOrder(drop=drop.name), return_state=True))
    if ingested.entry and ingested.entry.published_at is None:
        console.print("  [dim]A demo does not wait for that hour: it is published now, as by the button Run.[/]")
    with console.status(f"flow [bold]publish[/]: “{ingested.intake.title}”"):
        brought = await _report(publish(PublishOrder(episode=ingested.intake.guid), return_state=True))
    await APILogHandler.aflush()
    return ingested, brought


async def _report(run: Any) -> Any:
    """What a flow reports; its failure in our words."""
    state = await run
    if not state.is_completed():
        raise RecordingRefused("demo", state.message or "a run failed", "Mend it and run `make demo` again.")
    return await state.aresult()


class _LinesOfRuns(logging.Handler):
    """What runs say, without Prefect's own talk."""

    def emit(self, record: logging.LogRecord) -> None:
        is_ours = record.name == "prefect.flow_runs" and not record.getMessage().startswith(
            ("Finished", "Beginning", "View at")
        )
        if is_ours or record.levelno >= logging.ERROR:
            console.print(f"  [dim]{escape(record.getMessage())}[/]")


def _copy_of_master(house: House, entry: Entry) -> Path:
    """The tagged MP3 as listeners get it, beside the other files of the work folder."""
    assert entry.master is not None
    file = entry.master.file
    path = house.settings.work / "masters" / f"{entry.slug}{Path(file.key).suffix}"
    if not path.is_file() or file_ref(path, "").sha256 != file.sha256:
        path.parent.mkdir(parents=True, exist_ok=True)
        house.studio.bucket.download(file.key, path)
    return path


def _say(house: House, entry: Entry, brought: Brought, path: Path) -> None:
    assert entry.master is not None
    master, addresses = entry.master, house.studio.addresses
    recording = entry.recording.length_bytes if entry.recording else 0
    rows = (
        ("episode", f"“{entry.episode.title}”"),
        ("guid", entry.guid),
        (
            "loudness",
            f"{_lufs(master.before)} → {_lufs(master.after)}, true peak {master.after.true_peak_dbtp:.1f} dBTP",
        ),
        ("size", f"recording {recording / 1e6:.2f} MB → MP3 {master.file.length_bytes / 1e6:.2f} MB"),
        ("feed", addresses.feed),
        ("page", addresses.page(entry.slug)),
        ("tagged MP3", str(path)),
        ("verified", _verified(brought)),
    )
    console.print()
    for row, is_whole in in_rows(rows, console.width):
        console.print(row, soft_wrap=is_whole)
    console.print()
    if not brought.changes:
        console.print("Nothing had to be changed: all this was done before, and is still right.")


def _lufs(loudness: Loudness) -> str:
    return f"{loudness.integrated_lufs:.1f} LUFS"


def _verified(brought: Brought) -> str:
    subjects = dict.fromkeys(check.what for check in brought.checks)
    return f"{len(brought.checks)} checks, as an app and a reader would make them: {', '.join(subjects)}"
