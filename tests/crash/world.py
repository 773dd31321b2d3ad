"""A show with its outside world in one folder, which can be copied: every case begins from the same state."""

from __future__ import annotations

import copy
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from pillarcast.adapters.folder import FolderBucket
from pillarcast.pipeline.studio import Studio
from tests.blog_support.fake import FakeBlog
from tests.crash.faults import Faults, FaultyBlog, FaultyBucket, FaultyHub
from tests.show_support.place import HandClock, Place

WEDNESDAY = datetime(2026, 6, 10, 15, 0, tzinfo=UTC)
THURSDAY = datetime(2026, 6, 11, 10, 0, tzinfo=UTC)
MORE = """
[[blog]]
name = "fake"
kind = "wordpress"
url = "https://blog.example.com"
user = "ada"
[feed]
hubs = ["https://hub.example.com/"]
"""


@dataclass
class TellTale:
    """A hub that remembers what it was told."""

    name: str = "hub"
    told: list[str] = field(default_factory=list)

    def announce(self, feed_url: str) -> None:
        self.told.append(feed_url)


@dataclass
class World:
    """`root` holds project and bucket; the blog and the hub live in memory."""

    root: Path
    clock: HandClock = field(default_factory=lambda: HandClock(WEDNESDAY))
    blog: FakeBlog = field(default_factory=FakeBlog)
    hub: TellTale = field(default_factory=TellTale)

    @property
    def place(self) -> Place:
        return Place(self.root / "show", more=MORE, clock=self.clock)

    @property
    def bucket(self) -> FolderBucket:
        """The bucket itself, without faults."""
        return FolderBucket(self.root / "show" / ".pillarcast" / "bucket")

    @contextmanager
    def studio(self, faults: Faults | None = None) -> Iterator[Studio]:
        """What one run of the program sees."""
        faults = faults or Faults()
        with self.place.opened() as house:
            yield replace(
                house.studio,
                bucket=FaultyBucket(house.studio.bucket, faults),
                blogs=(FaultyBlog(self.blog, faults),),
                hubs=(FaultyHub(self.hub, faults),),
                progress=faults.reached,
            )

    def copied(self, root: Path) -> World:
        """The same world at another place. The bucket never writes into a file, so its files need no copies."""
        inside = Path("show/.pillarcast")
        shutil.copytree(self.root / inside, root / inside, copy_function=os.link)
        project = shutil.ignore_patterns(".pillarcast")
        shutil.copytree(self.root / "show", root / "show", ignore=project, dirs_exist_ok=True)
        blog = replace(self.blog, kept=dict(self.blog.kept), pictures=set(self.blog.pictures))
        return World(root, copy.copy(self.clock), blog, copy.deepcopy(self.hub))

    @contextmanager
    def played(self) -> Iterator[World]:
        """A copy to play in. It always lies at the same place, so that whatever goes by paths is known again."""
        root = (room() or Path(tempfile.gettempdir())) / f"pillarcast-played-{os.getpid()}"
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir()
        try:
            yield self.copied(root)
        finally:
            shutil.rmtree(root)


def room() -> Path | None:
    """A disk in memory where the machine has one: a bucket syncs each write to its disk."""
    shm = Path("/dev/shm")
    return shm if shm.is_dir() and os.access(shm, os.W_OK) else None
