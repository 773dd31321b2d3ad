"""The fault matrix: whatever goes wrong at whichever write, one public post and one picture are there afterwards.

Each fault strikes every write of a publication in turn: the picture, the draft, the publishing. Then the post is put
again as a next run would, until that goes well, and what is there is counted in the engine itself.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from pillarcast.errors import TryAgain
from pillarcast.model.post import Post
from tests.blog_support.contract import a_post
from tests.blog_support.engines import ENGINES, Bed, Engines, alone, engine_params
from tests.blog_support.git_bed import GitBed
from tests.blog_support.killed_run import KilledRuns
from tests.blog_support.lossy_proxy import FAULTS, LossyProxy, lossy_proxy
from tests.blog_support.matrix import differences, keep
from tests.blog_support.web import picture, public_artwork
from tests.blog_support.wordpress_bed import WordPressBed
from tests.show_support.place import Place

pytestmark = [pytest.mark.real, pytest.mark.timeout(600)]

PLUGIN_FAULTS = {
    "plugin dies after the insert": "after-fatal",
    "worker killed after the insert": "after-kill",
    "worker killed before": "before-kill",
    "plugin prints a notice": "after-notice",
    "plugin sleeps beyond the time-out": "after-sleep",
}
HOOK_FAULTS = {
    "server killed before the push is taken": ("pre-receive", "kill -9 $PPID"),
    "server killed after the push was taken": ("post-receive", "kill -9 $PPID"),
    "our process killed before": ("pre-receive", "kill -9 $(cat {pid})"),
    "our process killed after": ("post-receive", "kill -9 $(cat {pid})"),
}
WHOLE_RUN = {
    "whole run killed before": "our process killed before",
    "whole run killed after": "our process killed after",
}
PROCESSES_AT_ONCE, RUNS_AT_ONCE = "three processes at once", "two whole runs at once"
COLUMNS = (*ENGINES, "git")
ROWS = tuple(dict.fromkeys((*FAULTS, *WHOLE_RUN, PROCESSES_AT_ONCE, RUNS_AT_ONCE, *PLUGIN_FAULTS, *HOOK_FAULTS)))
TIMEOUT_S = 3.0
_seen: dict[str, dict[str, str]] = {column: {} for column in COLUMNS}


@dataclass
class Spoiled:
    """One engine with a proxy in front of it, and the way in for a process of its own."""

    name: str
    bed: Bed
    proxy: LossyProxy
    writes: int = 0

    def count_writes(self) -> None:
        """How many writes a publication takes when all goes well; tags and categories are there from the first on."""
        for _ in range(2):
            with ExitStack() as stack:
                before = self.proxy.writes
                self.repeat(a_full_post(stack, before, "none"))
        self.writes = self.proxy.writes - before

    def repeat(self, post: Post) -> None:
        """As run after run would."""
        for _ in range(6):
            blog = self.bed.blog(url=self.proxy.url)
            try:
                if blog.put(post, blog.find(post)).is_live:
                    return
            except TryAgain:
                continue
        pytest.fail("it never went well again")

    def task(self, post: Post) -> bytes:
        target = {"name": "main", "kind": ENGINES[self.name].kind, "user": "author", "url": self.proxy.url}
        return task_of(target, post, self.bed.secret)

    def put_in_a_process(self, post: Post, fault: str, skip: int) -> None:
        child = start_put()
        self.proxy.arm(fault, skip, child.pid)
        child.communicate(self.task(post), timeout=60)

    def check_one(self, post: Post, what: str) -> None:
        counted = {"public": self.bed.public(post), "in any state": self.bed.any_state(post)}
        if post.artwork is not None and hasattr(self.bed, "media"):
            counted["pictures"] = self.bed.media(post.artwork.sha256)
        assert set(counted.values()) == {1}, f"{self.name}, {what}: {counted}"


def start_put() -> subprocess.Popen[bytes]:
    """A process that waits for its task, so that a fault can be armed with its number."""
    script = Path(__file__).parents[1] / "blog_support/one_put.py"
    return subprocess.Popen([sys.executable, script], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)


def task_of(target: dict[str, str], post: Post, secret: str) -> bytes:
    task = {"target": target, "post": post.model_dump(mode="json"), "secret": secret}
    return json.dumps(task).encode() + b"\n"


@pytest.fixture(scope="module", params=engine_params(*ENGINES))
def spoiled(request: pytest.FixtureRequest, engines: Engines) -> Iterator[Spoiled]:
    bed = engines.bed(request.param)
    with lossy_proxy(bed.site.url) as proxy:
        ready = Spoiled(request.param, bed, proxy)
        ready.count_writes()
        bed.timeout_s = TIMEOUT_S
        yield ready


def a_full_post(stack: ExitStack, number: int, fault: str) -> Post:
    """With a picture that nobody has yet."""
    body = picture(f"{fault} {number}")
    return a_post(stack.enter_context(public_artwork(body)))


@pytest.mark.parametrize("fault", FAULTS)
def test_one_post_whatever_the_network_does(spoiled: Spoiled, fault: str) -> None:
    for step in range(spoiled.writes):
        with ExitStack() as stack:
            post = a_full_post(stack, step, fault)
            if "our process" in fault:
                spoiled.put_in_a_process(post, fault, step)
            else:
                spoiled.proxy.arm(fault, step)
            spoiled.repeat(post)
            assert spoiled.proxy.was_struck()
            spoiled.check_one(post, f"{fault} at write {step + 1}")
    _seen[spoiled.name][fault] = f"✓ at each of {spoiled.writes}"


def test_one_post_of_processes_at_once(spoiled: Spoiled) -> None:
    with ExitStack() as stack:
        post = a_full_post(stack, 0, PROCESSES_AT_ONCE)
        children = [start_put() for _ in range(3)]
        for child in children:
            assert child.stdin is not None
            child.stdin.write(spoiled.task(post))
            child.stdin.flush()
        for child in children:
            child.communicate(timeout=90)
        spoiled.repeat(post)
        spoiled.check_one(post, PROCESSES_AT_ONCE)
    _seen[spoiled.name][PROCESSES_AT_ONCE] = "✓"


@pytest.fixture
def runs(spoiled: Spoiled, s3_place: Place) -> KilledRuns:
    """A show in a real bucket, on that blog."""
    runs = KilledRuns(s3_place, spoiled.proxy, spoiled.bed.secret)
    runs.begin(ENGINES[spoiled.name].kind, "author")
    return runs


@pytest.mark.parametrize("fault", WHOLE_RUN)
def test_one_post_whenever_a_whole_run_is_killed(spoiled: Spoiled, runs: KilledRuns, fault: str) -> None:
    for step in count():
        name = runs.write_article()
        code = runs.publish(WHOLE_RUN[fault], step)
        if not spoiled.proxy.was_struck():
            break  # it has no more writes than that
        assert code == -9, "it was killed"
        runs.run("publish")
        spoiled.check_one(runs.post_of(name), f"{fault} at write {step + 1}")
        assert runs.is_settled()
    assert step >= spoiled.writes
    _seen[spoiled.name][fault] = f"✓ at each of {step}"


def test_one_post_of_whole_runs_at_once(spoiled: Spoiled, runs: KilledRuns) -> None:
    name = runs.write_article()
    children = [runs.start("publish") for _ in range(2)]
    for child in children:
        child.communicate(timeout=120)
    runs.run("publish")
    spoiled.check_one(runs.post_of(name), RUNS_AT_ONCE)
    assert runs.is_settled()
    _seen[spoiled.name][RUNS_AT_ONCE] = "✓"


@pytest.mark.parametrize("spoiled", engine_params("WordPress 6.1", "WordPress 7.1"), indirect=True, scope="module")
@pytest.mark.parametrize("fault", PLUGIN_FAULTS)
def test_one_post_whatever_a_plugin_of_wordpress_does(spoiled: Spoiled, fault: str) -> None:
    assert isinstance(spoiled.bed, WordPressBed)
    for step in range(spoiled.writes):
        with ExitStack() as stack:
            post = a_full_post(stack, step, fault)
            spoiled.bed.site.break_once(PLUGIN_FAULTS[fault], step)
            spoiled.repeat(post)
            assert spoiled.bed.site.was_broken()
            spoiled.check_one(post, f"{fault} at write {step + 1}")
    _seen[spoiled.name][fault] = f"✓ at each of {spoiled.writes}"


def test_the_docs_say_what_was_seen(spoiled: Spoiled) -> None:
    check_docs(spoiled.name)


@alone("git")
@pytest.mark.parametrize("fault", HOOK_FAULTS)
def test_one_post_whatever_happens_to_a_push(tmp_path: Path, fault: str) -> None:
    bed, post, pid = GitBed(tmp_path / "git", "hugo"), a_post(), tmp_path / "pid"
    name, command = HOOK_FAULTS[fault]
    hook = bed.place / "hooks" / name
    hook.write_text(f"#!/bin/sh\nrm -f $0\n{command.format(pid=pid)}\n")
    hook.chmod(0o755)
    child = start_put()
    pid.write_text(str(child.pid))
    child.communicate(task_of(git_target(bed), post, str(tmp_path / "work")), timeout=60)
    assert child.returncode != 0
    assert not hook.exists(), "the fault never struck"
    blog = bed.blog()
    assert blog.put(post, blog.find(post)).is_live
    assert (bed.public(post), bed.any_state(post)) == (1, 1)
    _seen["git"][fault] = "✓ at each of 1"


@alone("git")
def test_one_file_of_processes_at_once(tmp_path: Path) -> None:
    bed, post = GitBed(tmp_path / "git", "hugo"), a_post()
    children = [start_put() for _ in range(3)]
    for number, child in enumerate(children):
        assert child.stdin is not None
        child.stdin.write(task_of(git_target(bed), post, str(tmp_path / f"work-{number}")))
        child.stdin.flush()
    for child in children:
        child.communicate(timeout=60)
    assert bed.blog().put(post, None).is_live
    assert (bed.public(post), bed.any_state(post)) == (1, 1)
    _seen["git"][PROCESSES_AT_ONCE] = "✓"


@alone("git")
def test_the_docs_say_what_was_seen_of_git() -> None:
    check_docs("git")


def git_target(bed: GitBed) -> dict[str, str]:
    return {"name": "site", "kind": "git", "url": str(bed.place)}


def check_docs(column: str) -> None:
    keep(column, _seen[column])
    wrong = list(differences(column, _seen[column]))
    assert not wrong, "run `python -m tests.blog_support.matrix`: " + "; ".join(wrong)
