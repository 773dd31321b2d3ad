"""Serves every show of this installation: `python -m flows.serving`. Its Prefect server is the environment's.

--pool NAME    hands all but `ingest` to the workers of a work pool
--ready FILE   is written once everything is served
--alone        nobody else runs flows of this server: what seems to run at the start is dead
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import signal
import sys
import time
from contextlib import AsyncExitStack, suppress
from pathlib import Path

from prefect.client.orchestration import PrefectClient, get_client
from prefect.runner import Runner

from flows.dead_runs import bury_dead_runs
from flows.deploying import prepare_automations
from flows.joining import Round
from flows.offering import Counter
from flows.roll import roll_of
from flows.shows import served
from flows.starting import READY_S
from flows.tether import tether
from flows.watching import wake_all
from pillarcast.errors import PillarcastError, Unreachable

_POLL_S = 3.0
_LOOK_S = 0.1
_RUNS_AT_ONCE = max(4, 2 * (os.cpu_count() or 1))


def main() -> int:
    tether()
    parser = argparse.ArgumentParser(prog="python -m flows.serving", description="Serves every show.")
    parser.add_argument("--pool", default="")
    parser.add_argument("--ready", type=Path, default=None)
    parser.add_argument("--alone", action="store_true")
    arguments = parser.parse_args()
    logging.getLogger("pillarcast").setLevel(logging.INFO)
    try:
        asyncio.run(serve(arguments.pool, arguments.ready, is_alone=arguments.alone))
    except PillarcastError as error:
        print(error, file=sys.stderr, flush=True)  # noqa: T201 - this is a program
        return error.exit_code
    return 0


async def serve(pool: str, ready: Path | None, *, is_alone: bool) -> None:
    shows = served()
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(get_client())
        await _wait_for_server(client)
        await (bury_dead_runs(client) if is_alone else prepare_automations(client))
        runner = Runner(name="pillarcast", pause_on_shutdown=False, limit=_RUNS_AT_ONCE, query_seconds=_POLL_S)
        counter = Counter(client, runner, pool, is_alone, roll_of(shows))
        everyone = Round(client, counter, stack)
        await everyone.begin(shows)
        stop = asyncio.Event()
        tasks = [asyncio.create_task(work) for work in (wake_all(everyone.watches, stop), everyone.run())]
        if ready:
            await asyncio.to_thread(ready.write_text, json.dumps([show.key for show in shows]), "utf-8")
        try:
            await _run(runner, tasks)
        finally:
            stop.set()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _wait_for_server(client: PrefectClient) -> None:
    """It may be starting beside us, or on another machine after a power cut."""
    until = time.monotonic() + READY_S
    while (error := await client.api_healthcheck()) is not None:
        if time.monotonic() > until:
            raise Unreachable(str(client.api_url), f"no Prefect server answers ({error})", "Look whether it runs.")
        await asyncio.sleep(_LOOK_S)


async def _run(runner: Runner, tasks: list[asyncio.Task[None]]) -> None:
    """Until the runner is stopped, or a task breaks."""
    running = asyncio.create_task(runner.start())
    await asyncio.sleep(0)  # the runner sets a handler of its own, which forgets the runs under way
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, lambda: asyncio.ensure_future(_stop(runner)))
    done, _ = await asyncio.wait([running, *tasks], return_when=asyncio.FIRST_COMPLETED)
    if running not in done:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
    for task in done:
        task.result()


async def _stop(runner: Runner) -> None:
    """Ends the runs under way, and says so in the UI; the next start asks for them again."""
    if runner.started:
        await runner.astop()


if __name__ == "__main__":
    sys.exit(main())
