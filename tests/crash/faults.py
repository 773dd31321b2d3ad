"""Every outside call of a run, numbered; at one of them the run is killed, refused, or left without its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from threading import Lock
from typing import TypeVar

from pillarcast.errors import Ambiguous, Problem, Unreachable
from pillarcast.model.post import Post
from pillarcast.ports import Anything, Blog, Bucket, Condition, Hub, ObjectMeta, Progress, Standing, Stored, silent

T = TypeVar("T")
_ANYTHING = Anything()


class Killed(BaseException):
    """The process is gone: no `except Exception` sees it, and nothing that it calls afterwards has an effect."""


class How(StrEnum):
    KILLED_BEFORE = "killed before"
    KILLED_AFTER = "killed after"
    REFUSED = "error answer"
    LOST = "answer lost"


FOR_READS = (How.KILLED_BEFORE, How.REFUSED)
"""A read leaves nothing behind: being killed after it is being killed before the next call."""
FOR_FILES = (How.KILLED_BEFORE,)
"""In the midst of a file: of mastering, of an upload, of a download. Full disks have tests of their own."""


@dataclass(frozen=True)
class Call:
    """`name` is the port's method, `about` its key, post or feed."""

    port: str
    name: str
    about: str
    is_write: bool

    @property
    def ways(self) -> tuple[How, ...]:
        """In which ways it can go wrong."""
        if self.port == "files":
            return FOR_FILES
        return tuple(How) if self.is_write else FOR_READS

    def __str__(self) -> str:
        return f"{self.port}.{self.name} {self.about}"


@dataclass
class Faults:
    """One run of a program. The call number `at`, counted from 1, goes wrong as `how` says; 0 is none."""

    at: int = 0
    how: How = How.KILLED_BEFORE
    after_write: Callable[[Call], None] = lambda _call: None
    calls: list[Call] = field(default_factory=list)
    _is_dead: bool = False
    _lock: Lock = field(default_factory=Lock)
    _looking: Lock = field(default_factory=Lock)

    def call(self, call: Call, effect: Callable[[], T]) -> T:
        is_hit = self._count(call)
        if is_hit and self.how is How.KILLED_BEFORE:
            raise self._killed(call)
        if is_hit and self.how is How.REFUSED:
            raise Unreachable(call.about, "the server is busy", "It is tried again.")
        result = effect()
        if call.is_write:
            with self._looking:
                self.after_write(call)
        if is_hit and self.how is How.KILLED_AFTER:
            raise self._killed(call)
        if is_hit and self.how is How.LOST:
            raise Ambiguous(call.about, "the answer was lost", "It is looked up and repeated.")
        return result

    def reached(self, what: str, _share: float) -> None:
        """Work on local files tells how far it is; its first word of each piece of work is a call as well."""
        call = Call("files", "work", what, is_write=False)
        if what.startswith(("master ", "upload ")) and call not in self.calls:
            self.call(call, lambda: None)

    def _count(self, call: Call) -> bool:
        with self._lock:
            if self._is_dead:
                raise Killed(call)
            self.calls.append(call)
            return len(self.calls) == self.at

    def _killed(self, call: Call) -> Killed:
        self._is_dead = True
        return Killed(call)


@dataclass(frozen=True)
class FaultyBucket:
    real: Bucket
    faults: Faults

    @property
    def has_compare_and_swap(self) -> bool:
        return self.real.has_compare_and_swap

    @property
    def serves_encoded(self) -> bool:
        return self.real.serves_encoded

    def head(self, key: str) -> Stored | None:
        return self._read("head", key, lambda: self.real.head(key))

    def fetch(self, key: str) -> tuple[bytes, Stored] | None:
        return self._read("fetch", key, lambda: self.real.fetch(key))

    def download(self, key: str, path: Path, progress: Progress = silent) -> None:
        self._read("download", key, lambda: self.real.download(key, path, progress))

    def keys(self, prefix: str) -> Iterator[Stored]:
        return iter(self._read("keys", prefix, lambda: list(self.real.keys(prefix))))

    def put(self, key: str, body: bytes, meta: ObjectMeta, condition: Condition = _ANYTHING) -> Stored:
        return self._write("put", key, lambda: self.real.put(key, body, meta, condition))

    def upload(self, key: str, path: Path, meta: ObjectMeta, progress: Progress = silent) -> Stored:
        return self._write("upload", key, lambda: self.real.upload(key, path, meta, progress))

    def copy(self, source: str, key: str, meta: ObjectMeta) -> Stored:
        return self._write("copy", key, lambda: self.real.copy(source, key, meta))

    def remove(self, key: str) -> None:
        self._write("remove", key, lambda: self.real.remove(key))

    def _read(self, name: str, key: str, effect: Callable[[], T]) -> T:
        return self.faults.call(Call("bucket", name, key, is_write=False), effect)

    def _write(self, name: str, key: str, effect: Callable[[], T]) -> T:
        return self.faults.call(Call("bucket", name, key, is_write=True), effect)


@dataclass(frozen=True)
class FaultyBlog:
    real: Blog
    faults: Faults

    @property
    def name(self) -> str:
        return self.real.name

    def find(self, post: Post, ref: str = "") -> Standing | None:
        return self.faults.call(Call("blog", "find", post.slug, is_write=False), lambda: self.real.find(post, ref))

    def put(self, post: Post, standing: Standing | None) -> Standing:
        return self.faults.call(Call("blog", "put", post.slug, is_write=True), lambda: self.real.put(post, standing))

    def withdraw(self, standing: Standing) -> Standing:
        call = Call("blog", "withdraw", standing.url, is_write=True)
        return self.faults.call(call, lambda: self.real.withdraw(standing))

    def check(self) -> tuple[Problem, ...]:
        return self.real.check()


@dataclass(frozen=True)
class FaultyHub:
    real: Hub
    faults: Faults

    @property
    def name(self) -> str:
        return self.real.name

    def announce(self, feed_url: str) -> None:
        call = Call("hub", "announce", feed_url, is_write=True)
        self.faults.call(call, lambda: self.real.announce(feed_url))
