"""The wire between a command and the world, requests counted by kind; at one of them the power goes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Lock
from urllib.parse import urlsplit

from tests.bucket_support.front import Visit

HUB, PUSH, PART = "hub POST", "git push", "part PUT"
BYSTANDER = "X-Bystander"
"""The header of requests that are not the command's."""
_READS = ("GET", "HEAD")
_CLASSES = (
    ("private/catalogue", "catalogue"),
    ("private/versions/", "version"),
    ("private/uploads/", "note of an upload"),
    ("private/files/", "file under embargo"),
    ("private/", "private object"),
    ("public/media/", "audio or picture"),
    ("public/feed", "feed"),
    ("public/share/", "share image"),
    ("public/", "page"),
)


class When(StrEnum):
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True)
class Cut:
    """The request number `number` of its kind is the one at which the process dies, before or after it took effect."""

    kind: str
    number: int
    when: When

    def __str__(self) -> str:
        return f"killed {self.when} {self.kind} {self.number}"


def whens(kind: str) -> tuple[When, ...]:
    """Being killed after a read is being killed before the next call."""
    return (When.BEFORE,) if kind.rsplit(maxsplit=1)[-1] in _READS or kind.endswith("list") else tuple(When)


@dataclass
class Wire:
    """Passes requests on to the S3 server, and plays the hub. `kill` ends the command."""

    bucket: str
    prefix: str
    kill: Callable[[], None]
    cut: Cut | None = None
    seen: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def begin(self, cut: Cut | None) -> None:
        with self._lock:
            self.cut, self.seen, self.told = cut, [], []

    def fault(self, visit: Visit) -> bool:
        """The front asks it for each request."""
        if visit.headers[BYSTANDER]:
            return False
        kind = self.kind_of(visit)
        when = self._count(kind)
        if when is When.BEFORE:
            self.kill()
            return visit.break_off()
        if kind == HUB:
            self.told.append(visit.body.decode())
        elif when is When.AFTER:
            visit.forward()
        if when is When.AFTER:
            self.kill()
            return visit.break_off()
        if kind == HUB:
            visit.answer(202, [("Content-Length", "0")], b"")
            return True
        return False

    def _count(self, kind: str) -> When | None:
        with self._lock:
            self.seen.append(kind)
            is_hit = self.cut and self.cut.kind == kind and self.seen.count(kind) == self.cut.number
            if not self.cut or not is_hit:
                return None
            when, self.cut = self.cut.when, None
            return when

    def kind_of(self, visit: Visit) -> str:
        url = urlsplit(visit.path)
        if url.path == "/hub":
            return HUB
        who = "" if visit.headers["Authorization"] else "stranger's "
        if "list-type" in url.query:
            return f"{who}list"
        if "partNumber=" in url.query:
            return PART
        key = url.path.removeprefix(f"/{self.bucket}/")
        key = re.sub(rf"^(public|private)/{re.escape(self.prefix)}/", r"\1/", key)
        place = next((name for start, name in _CLASSES if key.startswith(start)), key)
        is_copy = " copy" if visit.headers["x-amz-copy-source"] else ""
        return f"{who}{place}{is_copy} {visit.command}"
