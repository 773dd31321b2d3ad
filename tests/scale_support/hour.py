"""The hour at which many shows are due, on many machines: what is lost in the middle, and what the public has then."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import Popen
from typing import Any

import psutil
import requests

from flows.deploying import offers
from flows.shows import Served
from pillarcast.adapters.s3 import S3Bucket
from pillarcast.adapters.seaweed import SeaweedServer
from tests.infra_support.fleet import Fleet, command_of, fleet
from tests.scale_support.archives import NEWEST, spoken
from tests.scale_support.shows import Shows, names
from tests.testbeds.place import process

_LOOK_S = 2.0
Tell = Callable[[str], None]

_SAMPLES = 4
_DEPLOYING_S = 1.0
"""For the eight deployments of a show, with much to spare: the hour must not come before they are there."""

_BEGUN, _PUBLISHED = "Beginning flow run", "Task run 'feed' - Finished"
"""What a worker's log says of its runs."""


@dataclass(frozen=True)
class Task:
    """`has_losses`: a worker is killed once a third is published, and the Prefect server once half is."""

    shows: int
    archive: int
    workers: int = 3
    has_losses: bool = True

    @property
    def patience_s(self) -> float:
        """Ten minutes for what is lost to be missed and made up for, and twice the time that two workers need."""
        return 600 + 6.0 * self.shows


@dataclass(frozen=True)
class Seen:
    """What the public has, by show, and how Prefect's runs ended. Seconds are counted from the hour itself."""

    items: dict[str, int]
    copies: dict[str, int]
    media: dict[str, int]
    ends: Counter[str]
    took_s: float
    first_s: float
    lost_worker_s: float = 0.0
    lost_server_s: float = 0.0
    away_s: float = 0.0
    workers_cpu_s: float = 0.0
    server_cpu_s: float = 0.0

    @property
    def published(self) -> int:
        return sum(count == 1 for count in self.copies.values())

    @property
    def per_minute(self) -> float:
        return 60 * self.published / self.took_s


@dataclass
class _Course:
    """What happens during the hour, in seconds from its beginning."""

    task: Task
    guids: dict[str, str]
    began_at: float
    first_s: float = 0.0
    lost_worker_s: float = 0.0
    lost_server_s: float = 0.0
    away_s: float = 0.0
    done: set[str] = field(default_factory=set)

    @property
    def now_s(self) -> float:
        return time.time() - self.began_at

    def is_time_to_lose(self, part: int, lost_s: float) -> bool:
        """Once, when one of `part` shows is published."""
        return self.task.has_losses and not lost_s and part * len(self.done) >= self.task.shows


def thursday(folder: Path, bucket: SeaweedServer, task: Task, tell: Tell = print) -> Seen:
    """Lays the shows out, lets their hour come, and looks at what is public afterwards."""
    voice = spoken(folder / "voice")
    shows = Shows(folder, bucket.place, bucket.public_url, names(task.shows), voice)
    with fleet(folder, api_count=1) as machines, ExitStack() as stack:
        slot = _minute_after(timedelta(seconds=15 + _laying_s(shows, task)))
        began = time.monotonic()
        shows.lay(task.archive, slot)
        guids = shows.queue(slot)
        tell(f"{task.shows} archives of {task.archive} episodes laid in {time.monotonic() - began:.0f} s")
        drop = _own(shows, "drop")
        stack.enter_context(machines.machine("pillarcast-drop.service", "drop", drop))
        _wait_for_deployments(machines, task.shows * len(offers(Served("", shows.file(shows.names[0])))), tell)
        workers = [stack.enter_context(_worker(machines, shows, number)) for number in range(task.workers)]
        ahead_s = (slot - datetime.now(UTC)).total_seconds()
        assert ahead_s > 0, "laying took longer than foreseen: the hour is over"
        tell(f"the hour comes in {ahead_s:.0f} s")
        course = _Course(task, guids, began_at=slot.timestamp())
        before = _cpu_of_server(machines)
        _watch(machines, shows, workers, course, tell)
        seen = _look(machines, shows, course)
        if task.has_losses:
            return seen
        return replace(
            seen,
            workers_cpu_s=sum(cpu_s(worker.pid) for worker in workers) / task.shows,
            server_cpu_s=(_cpu_of_server(machines) - before) / task.shows,
        )


def _laying_s(shows: Shows, task: Task) -> float:
    """How long all archives and deployments will take, by some shows that nobody serves."""
    samples = replace(shows, folder=shows.folder / "samples", names=names(_SAMPLES))
    began = time.monotonic()
    samples.lay(task.archive, datetime.now(UTC))
    return ((time.monotonic() - began) / _SAMPLES + _DEPLOYING_S) * task.shows


def cpu_s(pid: int) -> float:
    """Of a process and of its children that have ended."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system + times.children_user + times.children_system)


def _cpu_of_server(machines: Fleet) -> float:
    return sum(cpu_s(part.pid) for part in machines.parts)


def _minute_after(span: timedelta) -> datetime:
    """Schedules know minutes."""
    return (datetime.now(UTC) + span + timedelta(minutes=1)).replace(second=0, microsecond=0)


def _own(shows: Shows, name: str) -> dict[str, str]:
    """A machine's own folders, and what it is told of the shows."""
    home = shows.folder / name
    home.mkdir()
    return {
        "PREFECT_HOME": str(home / "prefect"),
        "PILLARCAST_WORK_DIR": str(home / "work"),
        "PILLARCAST_SHOW": str(shows.folder / "shows"),
        "PILLARCAST_ACCESS_KEY": shows.place.access_key,
        "PILLARCAST_SECRET_KEY": shows.place.secret_key,
    }


@contextmanager
def _worker(machines: Fleet, shows: Shows, number: int) -> Iterator[Popen[bytes]]:
    name = _name(number)
    command, log = command_of("pillarcast-worker.service", name), machines.folder / f"{name}.log"
    env = machines.client | _own(shows, name)
    with process(*command, log=log, env=env, cwd=machines.folder) as started:
        yield started


def _name(number: int) -> str:
    return f"worker-{number}"


def _wait_for_deployments(machines: Fleet, count: int, tell: Tell) -> None:
    began, most_s = time.monotonic(), 60 + count
    while (there := machines.count("deployments")) < count:
        if time.monotonic() - began > most_s:
            raise TimeoutError(f"{there} of {count} deployments after {most_s} s")
        time.sleep(1)
    tell(f"{count} deployments made in {time.monotonic() - began:.0f} s")


def _watch(machines: Fleet, shows: Shows, workers: list[Popen[bytes]], course: _Course, tell: Tell) -> None:
    """Until every show's feed names the new episode; what is to be lost is lost on the way."""
    time.sleep(max(0.0, -course.now_s))
    while len(course.done) < course.task.shows:
        if course.now_s > course.task.patience_s:
            left = sorted(set(shows.names) - course.done)
            raise TimeoutError(f"{len(left)} of {course.task.shows} shows did not publish: {left[:5]}")
        _look_for_new(shows, course)
        if course.is_time_to_lose(3, course.lost_worker_s) and (worker := _busiest(machines, workers)):
            course.lost_worker_s = course.now_s
            _kill(worker)
            tell(f"{course.now_s:.0f} s: {len(course.done)} published, a worker was killed")
        if course.is_time_to_lose(2, course.lost_server_s):
            course.lost_server_s = course.now_s
            _restart(machines)
            course.away_s = course.now_s - course.lost_server_s
            tell(f"{course.now_s:.0f} s: {len(course.done)} published, the server was away for {course.away_s:.0f} s")
        time.sleep(_LOOK_S)
    tell(f"{course.now_s:.0f} s: all are published")


def _look_for_new(shows: Shows, course: _Course) -> None:
    """The page is small and comes first: a feed is asked for once that is there."""
    for name in shows.names:
        if name in course.done or not requests.head(f"{shows.public(name)}/episodes/{NEWEST}", timeout=30).ok:
            continue
        if f">{course.guids[name]}<" in _feed(shows, name):
            course.first_s = course.first_s or course.now_s
            course.done.add(name)


def _feed(shows: Shows, name: str) -> str:
    return requests.get(f"{shows.public(name)}/feed.xml", timeout=60).text


def _busiest(machines: Fleet, workers: list[Popen[bytes]]) -> Popen[bytes] | None:
    """Whose loss hurts most: with the most runs that it began and that are not in their feeds; none without any."""
    logs = [(machines.folder / f"{_name(number)}.log").read_text("utf-8") for number in range(len(workers))]
    left = [log.count(_BEGUN) - log.count(_PUBLISHED) for log in logs]
    return workers[left.index(max(left))] if any(left) else None


def _kill(worker: Popen[bytes]) -> None:
    """With the runs that it had begun, as when its machine dies."""
    family = [psutil.Process(worker.pid), *psutil.Process(worker.pid).children(recursive=True)]
    for one in family:
        with suppress(psutil.NoSuchProcess):
            one.kill()
    worker.wait()


def _restart(machines: Fleet) -> None:
    for part in machines.parts:
        part.lose()
    for part in machines.parts:
        part.start()


def _look(machines: Fleet, shows: Shows, course: _Course) -> Seen:
    """Once no run is under way any more."""
    runs = _ended(machines)
    items, copies, media = {}, {}, {}
    bucket = S3Bucket(shows.place)
    for name in shows.names:
        feed = _feed(shows, name)
        items[name], copies[name] = feed.count("<item>"), feed.count(f">{course.guids[name]}</guid>")
        media[name] = sum(NEWEST in stored.key for stored in bucket.keys(f"public/{name}/media/"))
    ends = Counter(str(run["state_name"]) for run in runs)
    last = max((datetime.fromisoformat(run["end_time"]).timestamp() for run in runs if run["end_time"]), default=0)
    times = (course.first_s, course.lost_worker_s, course.lost_server_s, course.away_s)
    return Seen(items, copies, media, ends, last - course.began_at, *times)


def _ended(machines: Fleet) -> list[dict[str, Any]]:
    """Every run of `weekly` that was begun, once none is under way."""
    deadline = time.monotonic() + 240
    while True:
        runs = list(machines.every_run("weekly"))
        if all(run["end_time"] for run in runs) or time.monotonic() > deadline:
            return runs
        time.sleep(2)
