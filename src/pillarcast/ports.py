"""What the pipeline needs of the world, in our words. Adapters raise the errors of `pillarcast.errors` only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from pillarcast.errors import Problem
from pillarcast.model.post import Post

Progress = Callable[[int, int], None]
"""Called with (bytes done, bytes in all), by the thread that asked. Falls where something is sent again."""


def silent(_done: int, _total: int) -> None:
    """For who wants no progress."""


@dataclass(frozen=True)
class ObjectMeta:
    """How an object is served. `file_name` becomes Content-Disposition.

    `origin` says in ASCII what the object was made from; it stays with the object, and no listener sees it.
    `encoding` is how its bytes are packed (`gzip`), for a bucket that `serves_encoded`.
    """

    media_type: str
    cache_control: str
    sha256: str
    file_name: str = ""
    origin: str = ""
    encoding: str = ""


@dataclass(frozen=True)
class Stored:
    """An object that is there. `sha256` and `origin` are empty where it was not written by us."""

    key: str
    length_bytes: int
    etag: str
    sha256: str
    media_type: str
    modified_at: datetime
    origin: str = ""
    encoding: str = ""


@dataclass(frozen=True)
class Anything:
    """Write whatever stands there now."""


@dataclass(frozen=True)
class Absent:
    """Write only where nothing stands."""


@dataclass(frozen=True)
class Unchanged:
    """Write only over the object with this ETag."""

    etag: str


Condition = Anything | Absent | Unchanged


class BucketReader(Protocol):
    def head(self, key: str) -> Stored | None:
        """The object, or None where there is none."""

    def fetch(self, key: str) -> tuple[bytes, Stored] | None:
        """A small object whole, or None where there is none."""

    def download(self, key: str, path: Path, progress: Progress = silent) -> None:
        """A large object into a file, which appears under its name only when whole."""

    def keys(self, prefix: str) -> Iterator[Stored]:
        """Everything below `prefix`, ascending; `sha256`, `media_type` and `origin` may be empty here."""


class BucketWriter(Protocol):
    def put(self, key: str, body: bytes, meta: ObjectMeta, condition: Condition = Anything()) -> Stored:
        """A small object. Conflict where the condition does not hold."""

    def upload(self, key: str, path: Path, meta: ObjectMeta, progress: Progress = silent) -> Stored:
        """A file of any size, resumed where parts of it are already there."""

    def copy(self, source: str, key: str, meta: ObjectMeta) -> Stored:
        """One of our objects to another key, without its bytes passing through here where the store can."""

    def remove(self, key: str) -> None:
        """Removes the object; one that is not there is no error."""


class Bucket(BucketReader, BucketWriter, Protocol):
    """Keys begin with `public/` (readable by anybody) or `private/` (by nobody without credentials)."""

    @property
    def has_compare_and_swap(self) -> bool:
        """False where the store ignores conditions: then a lease keeps other writers away."""

    @property
    def serves_encoded(self) -> bool:
        """Whether readers are told the `encoding` of an object."""


@dataclass(frozen=True)
class Standing:
    """A post as it stands on a blog. `digest` covers title, summary and body as the engine keeps them now."""

    ref: str
    url: str
    digest: str
    is_live: bool
    is_binned: bool = False


class Blog(Protocol):
    """One blog. Every method may be repeated: `find` sees what an earlier attempt did whose answer was lost."""

    @property
    def name(self) -> str: ...

    def find(self, post: Post, ref: str = "") -> Standing | None:
        """What stands there under the post's key, drafts and bin included.

        `ref` is where it stood last, from its receipt: by that it is known when its owner took the key out.
        """

    def put(self, post: Post, standing: Standing | None) -> Standing:
        """Creates the post (as a draft first) or updates the one that stands, then makes it live by its id."""

    def withdraw(self, standing: Standing) -> Standing:
        """Takes the post back to a draft."""

    def check(self) -> tuple[Problem, ...]:
        """Reachable, credentials right, role sufficient: every problem with its mend."""


class Hub(Protocol):
    """Somebody who tells apps that a feed has changed."""

    @property
    def name(self) -> str: ...

    def announce(self, feed_url: str) -> None:
        """Announcing twice does no harm."""


@dataclass(frozen=True)
class Answer:
    """What an app gets; header names in lower case. `redirects` led there: the status of each, and where it led."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    redirects: tuple[tuple[int, str], ...] = ()


class Public(Protocol):
    """The show as anybody sees it, without credentials."""

    def head(self, url: str) -> Answer: ...

    def get(self, url: str, first: int | None = None, last: int | None = None) -> Answer:
        """The whole, or the bytes from `first` to `last` inclusive. Unreachable where nothing answers."""


class Clock(Protocol):
    def now(self) -> datetime:
        """The present, aware, in UTC."""
