"""What every use case is given: the show, and the ports through which it reaches the world."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pillarcast.model.addresses import Addresses
from pillarcast.model.show import Show
from pillarcast.pipeline.store import CatalogueStore
from pillarcast.ports import Blog, Bucket, Clock, Hub, Public

Tell = Callable[[str], None]
"""Takes one line for the owner."""


@dataclass(frozen=True)
class Studio:
    """`project` is the folder of show.toml, `work` a folder for files in the making.

    `feed_secret` makes the addresses of private feeds.
    `writing` is held while a use case writes; it keeps other writers away where the store cannot compare and swap.
    """

    show: Show
    bucket: Bucket
    public: Public
    clock: Clock
    addresses: Addresses
    project: Path
    work: Path
    blogs: tuple[Blog, ...] = ()
    hubs: tuple[Hub, ...] = ()
    templates: Mapping[str, str] = field(default_factory=dict)
    feed_secret: bytes = field(default=b"", repr=False)
    writing: Callable[[], AbstractContextManager[object]] = nullcontext
    tell: Tell = field(default=lambda _line: None, repr=False)
    progress: Callable[[str, float], None] = field(default=lambda _what, _part: None, repr=False)

    @cached_property
    def store(self) -> CatalogueStore:
        return CatalogueStore(self.bucket, self.addresses, self.show.feed.guid)
