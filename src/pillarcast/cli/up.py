"""The commands `up` and `serve`: everything on this machine until Ctrl-C, or the flows of a server that is there."""

from __future__ import annotations

import json
import math
import os
import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from flows.environment import LOOPBACK, server_environment
from flows.roll import roll_of
from flows.shows import served
from flows.starting import READY_S, Process, free_port, started, wait_until_ready
from pillarcast.cli.runs import LOCK, NOTE, Runs, UpSettings
from pillarcast.cli.screen import say
from pillarcast.cli.up_end import end_by_signal
from pillarcast.cli.up_places import Place, Places
from pillarcast.cli.up_screen import Died, Screen
from pillarcast.errors import NeedsOperator, PillarcastError
from pillarcast.wiring import House, is_still_served, open_house

_SHARED = "The S3 server is in use by another pillarcast command, and ends with it."
_LOOK_S = 0.2
_TWICE_WITHIN_S = 600.0
"""What ends again so soon would do so for ever: somebody has to look at it."""


def up(arguments: Namespace) -> int:
    """S3, Prefect with its UI, the flows, the drop folder, the site. Ctrl-C stops all of it; nothing stays behind."""
    _name_show(arguments)
    shows = served()
    houses: list[House] = []
    with ExitStack() as stack:
        stack.enter_context(end_by_signal())
        houses.extend(stack.enter_context(open_house(show.file)) for show in shows)
        settings = houses[0].settings
        home = settings.work if len(houses) == 1 else Path(settings.work_dir).resolve()
        stack.enter_context(_only_one(home))
        every = [Place(show, house) for show, house in zip(shows, houses, strict=True)]
        places = Places(every, roll_of(shows).expected)
        port = free_port(settings.ui_port)
        runs = Runs(f"http://{LOOPBACK}:{port}", UpSettings().login)
        stack.enter_context(_noted(home, runs.ui))
        screen = stack.enter_context(Screen(runs, places))
        _follow(home, port, screen)
    is_shared = any(is_still_served(house.settings) for house in houses)
    say("Stopped. " + (_SHARED if is_shared else "Nothing is left running."))
    return 0


def serve(arguments: Namespace) -> int:
    """The flows and the drop folder for a Prefect server that is there; `--pool` hands most of it to workers."""
    _name_show(arguments)
    if not os.environ.get("PREFECT_API_URL"):
        mend = "Set it to your server's, such as http://127.0.0.1:4200/api, or run `pillarcast up`."
        raise NeedsOperator("PREFECT_API_URL", "is not set", mend)
    pool = getattr(arguments, "pool", "")
    command = [sys.executable, "-m", "flows.serving", *(["--pool", pool] if pool else [])]
    os.execv(sys.executable, command)  # noqa: S606 - our own module, in our place


def _name_show(arguments: Namespace) -> None:
    """Processes that we start serve the same show."""
    if arguments.show:
        os.environ["PILLARCAST_SHOW"] = str(arguments.show)


@contextmanager
def _only_one(home: Path) -> Iterator[None]:
    """NeedsOperator where another `up` serves this folder. The lock goes with the process, however it ends."""
    home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        ui = json.loads((home / NOTE).read_text("utf-8"))["ui"] if (home / NOTE).is_file() else "no UI yet"
        raise NeedsOperator("pillarcast up", f"runs already here ({ui})", "Use that one, or end it first.") from None
    with lock:
        yield


@contextmanager
def _noted(home: Path, ui: str) -> Iterator[None]:
    """For `status`, and for whoever starts a second one."""
    (home / NOTE).write_text(json.dumps({"ui": ui, "pid": os.getpid()}), "utf-8")
    try:
        yield
    finally:
        (home / NOTE).unlink(missing_ok=True)


def _follow(home: Path, port: int, screen: Screen) -> None:
    """Until a signal comes. What ends by itself is started again; Died where it does so twice within minutes."""
    died_at = -math.inf
    while True:
        try:
            with _everything(home, port, screen):
                screen.follow()
        except Died as died:
            now = time.monotonic()
            if now - died_at < _TWICE_WITHIN_S:
                raise
            died_at = now
            screen.note(f"{died}\nIt is started again; what was under way is done by the next run.")


@contextmanager
def _everything(home: Path, port: int, screen: Screen) -> Iterator[None]:
    """The server, then what serves the flows, each tethered to us; stopped in the opposite order."""
    environment = server_environment(home / "prefect", port, os.environ)
    login = screen.runs.login
    if login:
        environment |= {"PREFECT_SERVER_API_AUTH_STRING": login, "PREFECT_API_AUTH_STRING": login}
    logs, ready = home / "logs", home / "served.json"
    ready.unlink(missing_ok=True)
    with started("flows.server", environment, logs / "prefect.log") as server:
        # Both load at once; the flows wait for the server.
        flags = ("--alone", "--ready", str(ready))
        with started("flows.serving", environment, logs / "flows.log", *flags) as serving:
            screen.say("Prefect starts …")
            wait_until_ready(server, f"http://{LOOPBACK}:{port}/api/health", logs / "prefect.log", "Prefect server")
            screen.say("The flows start …")
            _wait_for(ready, serving, logs / "flows.log")
            screen.watch({"Prefect server": (server, logs / "prefect.log"), "flows": (serving, logs / "flows.log")})
            try:
                yield
            finally:
                screen.say("Stopping …")


def _wait_for(ready: Path, serving: Process, log: Path) -> None:
    until = time.monotonic() + READY_S
    while not ready.is_file():
        if serving.poll() is not None or time.monotonic() > until:
            raise PillarcastError("flows", "could not be served", f"Their log tells why: {log}")
        time.sleep(_LOOK_S)
