"""What the bucket should hold, as values: the plan is the difference to what it holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from pillarcast.model.base import FileRef
from pillarcast.model.catalogue import BuiltFeed

FOR_EVER = "public, max-age=31536000, immutable"
FRESH = "public, max-age=300"
PRIVATE = "private, no-store"

Parts = Mapping[str, bytes]


class Step(IntEnum):
    """The order of effects. The feed goes last: it only names what was read back."""

    AIR = 0
    PARTS = 1
    MEDIA = 2
    PAGES = 3
    POSTS = 4
    FEED = 5
    REMOVE = 6


@dataclass(frozen=True)
class WantedObject:
    """An object that we derive.

    `inputs` is a digest of everything that the bytes depend on (renderer version, values, digests of files):
    while it equals the receipt's, nothing is rendered. `needs` are keys whose bytes `render` is given; a needed
    key is a file in the bucket, or a wanted object of an earlier step or before it in its own. `encoding` says how
    `render` packs them; what `is_for_browsers`, which all read gzip, may be packed. `built` is what the catalogue
    keeps of a feed. `pieces` are those that `render` joins to a document, each with the needed key that it comes
    from, or none.
    """

    key: str
    media_type: str
    inputs: str
    render: Callable[[Parts], bytes] = field(compare=False, repr=False)
    needs: tuple[str, ...] = ()
    cache_control: str = FRESH
    step: Step = Step.PAGES
    title: str = ""
    encoding: str = ""
    is_for_browsers: bool = False
    built: BuiltFeed | None = None
    pieces: Callable[[Parts], list[tuple[str, bytes]]] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class WantedCopy:
    """A private file that becomes public under a key of its own, byte for byte."""

    key: str
    source: FileRef
    file_name: str
    title: str = ""


Wanted = WantedObject | WantedCopy
