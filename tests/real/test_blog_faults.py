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
from pathlib import Path
from typing import Any, Protocol

import pytest

from pillarcast.errors import TryAgain
from pillarcast.model.post import Post
from pillarcast.ports import Blog
from tests.blog_support.contract import a_post
from tests.blog_support.ghost_bed import GhostBed
from tests.blog_support.git_bed import GitBed
from tests.blog_support.lossy_proxy import FAULTS, LossyProxy, lossy_proxy
from tests.blog_support.micropub_bed import MicropubBed
from tests.blog_support.web import picture, public_artwork
from tests.blog_support.wordpress_bed import WordPressBed
from tests.testbeds.ghost import ghost
from tests.testbeds.micropub import micropub
from tests.testbeds.wordpress import wordpress

pytestmark = [pytest.mark.real, pytest.mark.timeout(600), pytest.mark.xdist_group("blog faults")]

ENGINES = ("WordPress 6.1", "WordPress 7.1", "Ghost 6", "Micropub")
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
TIMEOUT_S = 3.0
ROOT = Path(__file__).parents[2]
MATRIX = ROOT / "docs/blog-fault-matrix.md"
_seen: dict[tuple[str, str], int] = {}


class CountingBed(Protocol):
    timeout_s: float

    def blog(self, **target: Any) -> Blog: ...
    def public(self, post: Post) -> int: ...
    def any_state(self, post: Post) -> int: ...


@dataclass
class Place:
    """One engine with a proxy in front of it, and the way in for a process of its own."""

    name: str
    bed: CountingBed
    proxy: LossyProxy
    target: dict[str, str]
    secret: str
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

    def put_in_a_process(self, post: Post, fault: str, skip: int) -> None:
        task = {"target": self.target | {"url": self.proxy.url}, "post": post.model_dump(mode="json")}
        child = start_put(task | {"secret": self.secret})
        self.proxy.arm(fault, skip, child.pid)
        child.communicate(json.dumps(task | {"secret": self.secret}).encode() + b"\n", timeout=60)

    def check_one(self, post: Post, fault: str, step: int) -> None:
        counted = {"public": self.bed.public(post), "in any state": self.bed.any_state(post)}
        if post.artwork is not None and hasattr(self.bed, "media"):
            counted["pictures"] = self.bed.media(post.artwork.sha256)
        assert set(counted.values()) == {1}, f"{self.name}, {fault} at write {step + 1}: {counted}"


def start_put(task: dict[str, Any]) -> subprocess.Popen[bytes]:
    del task  # it is sent when everything is armed
    script = Path(__file__).parents[1] / "blog_support/one_put.py"
    return subprocess.Popen([sys.executable, script], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)


@pytest.fixture(scope="module", params=ENGINES)
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One engine at a time: two cores are not many."""
    name, folder = request.param, tmp_path_factory.mktemp("engine")
    with ExitStack() as stack:
        bed, kind, secret = _engine(name, folder, stack)
        proxy = stack.enter_context(lossy_proxy(bed.site.url))
        place = Place(name, bed, proxy, {"name": "main", "kind": kind, "user": "author"}, secret)
        place.count_writes()
        bed.timeout_s = TIMEOUT_S
        yield place


def _engine(name: str, folder: Path, stack: ExitStack) -> tuple[Any, str, str]:
    if name.startswith("WordPress"):
        release = "bookworm" if "6.1" in name else "sid"
        site = stack.enter_context(wordpress(release, folder))
        assert site.version.startswith(name.split()[1][:2])
        return WordPressBed(site), "wordpress", site.passwords["author"]
    if name == "Ghost 6":
        bed = GhostBed(stack.enter_context(ghost(folder)))
        return bed, "ghost", bed.site.admin_key
    indie = MicropubBed(stack.enter_context(micropub(folder)))
    return indie, "micropub", indie.site.token


def a_full_post(stack: ExitStack, number: int, fault: str) -> Post:
    """With a picture that nobody has yet."""
    body = picture(f"{fault} {number}")
    return a_post(stack.enter_context(public_artwork(body)))


@pytest.mark.parametrize("fault", FAULTS)
def test_one_post_whatever_the_network_does(place: Place, fault: str) -> None:
    for step in range(place.writes):
        with ExitStack() as stack:
            post = a_full_post(stack, step, fault)
            if "our process" in fault:
                place.put_in_a_process(post, fault, step)
            else:
                place.proxy.arm(fault, step)
            place.repeat(post)
            assert place.proxy.was_struck()
            place.check_one(post, fault, step)
    _seen[fault, place.name] = place.writes


@pytest.mark.parametrize("place", ENGINES[:2], indirect=True, scope="module")
@pytest.mark.parametrize("fault", PLUGIN_FAULTS)
def test_one_post_whatever_a_plugin_of_wordpress_does(place: Place, fault: str) -> None:
    assert isinstance(place.bed, WordPressBed)
    for step in range(place.writes):
        with ExitStack() as stack:
            post = a_full_post(stack, step, fault)
            place.bed.site.break_once(PLUGIN_FAULTS[fault], step)
            place.repeat(post)
            assert place.bed.site.was_broken()
            place.check_one(post, fault, step)
    _seen[fault, place.name] = place.writes


@pytest.mark.parametrize("fault", HOOK_FAULTS)
def test_one_post_whatever_happens_to_a_push(tmp_path: Path, fault: str) -> None:
    bed, post, pid = GitBed(tmp_path / "git", "hugo"), a_post(), tmp_path / "pid"
    name, command = HOOK_FAULTS[fault]
    hook = bed.place / "hooks" / name
    hook.write_text(f"#!/bin/sh\nrm -f $0\n{command.format(pid=pid)}\n")
    hook.chmod(0o755)
    target = {"name": "site", "kind": "git", "url": str(bed.place)}
    task = {"target": target, "post": post.model_dump(mode="json"), "secret": str(tmp_path / "work")}
    child = start_put(task)
    pid.write_text(str(child.pid))
    child.communicate(json.dumps(task).encode() + b"\n", timeout=60)
    assert child.returncode != 0
    assert not hook.exists(), "the fault never struck"
    blog = bed.blog()
    assert blog.put(post, blog.find(post)).is_live
    assert (bed.public(post), bed.any_state(post)) == (1, 1)
    _seen[fault, "git"] = 1


def test_the_matrix_in_the_docs_is_what_was_seen(capsys: pytest.CaptureFixture[str]) -> None:
    lines = list(matrix())
    with capsys.disabled():
        sys.stdout.write("\n".join(["", *lines, ""]))
    missing = [line for line in lines if line not in MATRIX.read_text(encoding="utf-8")]
    assert missing == []


def matrix() -> Iterator[str]:
    """One row a fault: at how many writes it struck; each time one post and one picture were there afterwards."""
    columns = (*ENGINES, "git")
    yield f"| What goes wrong | {' | '.join(columns)} |"
    yield "|---" * (len(columns) + 1) + "|"
    for fault in dict.fromkeys((*FAULTS, *PLUGIN_FAULTS, *HOOK_FAULTS)):
        cells = (_seen.get((fault, column)) for column in columns)
        yield f"| {fault} | {' | '.join(f'1 of {count} ✓' if count else '–' for count in cells)} |"
