"""Where engines are kept, how their packages come, and how their processes are started and stopped."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import requests

ROOT = Path(__file__).parents[2]
BEDS = ROOT / ".testbeds"


@contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    """Workers of the tests wait for each other here, so that nothing is fetched twice, and apt is not asked twice."""
    BEDS.mkdir(exist_ok=True)
    with (BEDS / f".{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def need_apt(*packages: str) -> None:
    """Installs what is missing of Debian's packages; their services are not started."""
    with one_at_a_time("apt"):
        _install(packages)


def _install(packages: tuple[str, ...]) -> None:
    asked = subprocess.run(
        ["dpkg-query", "-W", "-f=${Status}\n", *packages], check=False, capture_output=True, text=True
    )
    if asked.returncode == 0 and asked.stdout.count("install ok installed") == len(packages):
        return
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run("apt-get", "-qq", "update", env=env)
    run("apt-get", "-qq", "install", "-y", "--no-install-recommends", *packages, env=env)


def run(*command: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> str:
    """The standard output of a command; its whole output in the error when it fails."""
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=env, capture_output=True, text=True, timeout=900, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed ({done.returncode}):\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done.stdout


@contextmanager
def built(name: str) -> Iterator[Path | None]:
    """A folder to build an engine in, or None where it is built already; it appears under its name when whole."""
    with one_at_a_time(name):
        yield from _built(name)


def _built(name: str) -> Iterator[Path | None]:
    final = BEDS / name
    if final.exists():
        yield None
        return
    draft = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=BEDS))
    try:
        yield draft
        draft.rename(final)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def link_or_copy(source: str, target: str) -> str:
    """A second name for a file that nobody writes to; a copy on another file system."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def process(
    *command: str | Path, log: Path, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a group of its own, which ends as a whole: the workers of PHP outlive their parent."""
    with log.open("ab") as out:
        started = subprocess.Popen(
            [str(part) for part in command], cwd=cwd, env=env, stdout=out, stderr=out, start_new_session=True
        )
    try:
        yield started
    finally:
        stop(started)


def stop(started: subprocess.Popen[bytes]) -> None:
    for how in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(started.pid, how)
            started.wait(timeout=15)
        except ProcessLookupError:
            break
        except subprocess.TimeoutExpired:
            continue
    started.poll()


def wait_until(
    is_ready: Callable[[], bool], started: subprocess.Popen[bytes], log: Path, timeout_s: float = 120
) -> None:
    """Until it answers; an error with the end of its log when it ends before, or takes too long."""
    deadline = time.monotonic() + timeout_s
    while not is_ready():
        if started.poll() is not None or time.monotonic() > deadline:
            raise TimeoutError(f"{started.args} does not answer:\n{log.read_text(errors='replace')[-3000:]}")
        time.sleep(0.2)


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=20).ok
    except requests.RequestException:
        return False
