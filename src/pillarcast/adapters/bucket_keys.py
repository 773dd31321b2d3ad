"""The rules for keys that every bucket keeps, and where a show with a prefix of its own stands in a shared one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from pillarcast.errors import Conflict, NeedsOperator, PillarcastError, SettingsError
from pillarcast.ports import Anything

ROOTS = ("private/", "public/")
OURS = frozenset({"feed", "files", "probe", "uploads", "versions"})
"""The folders of every show below private/: as a prefix they would lie within a show that has none."""
MAX_KEY_BYTES = 1024
ANYTHING = Anything()

_UNSAFE = re.compile(r"[\x00-\x1f\x7f\\\ud800-\udfff]|//|(^|/)\.{1,2}(/|$)|/$")


def check_key(key: str) -> str:
    """The key itself; PillarcastError for one that stores read differently or that leaves its folder.

    SeaweedFS mistreats `./`, backslashes and a slash at the end; 1,024 bytes is the limit of S3.
    """
    if not key.startswith(ROOTS) or _UNSAFE.search(key) or len(key.encode()) > MAX_KEY_BYTES:
        raise PillarcastError(repr(key), "this is no key that we may use in a bucket")
    return key


def check_hash(subject: str, expected: str, found: str) -> None:
    """Conflict where the bytes are not those that were announced: the file changed after it was hashed."""
    if expected and expected != found:
        raise Conflict(subject, "its bytes changed while it was being stored", "Let it rest, then try again.")


def check_kept(subject: str, expected: str, found: str) -> None:
    """NeedsOperator where the store gives back other bytes than it took."""
    if expected and expected != found:
        what = "what the bucket holds does not have the hash it was stored with"
        raise NeedsOperator(subject, what, "Bring back an earlier version of it, or store it again.")


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A file of ours that is to be stored; Conflict where it went away or may not be read."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise Conflict(str(path), f"it cannot be read: {error.strerror}", "Put it back, then try again.") from error
    with file:
        yield file


def sha256_of(body: bytes) -> str:
    return sha256(body).hexdigest()


@dataclass(frozen=True)
class KeySpace:
    """`public/x` stands at `public/john/x` for the prefix `john`: one policy on `public/*` serves all shows."""

    prefix: str = ""

    def __post_init__(self) -> None:
        """SettingsError for a prefix that would make no keys."""
        try:
            check_key(f"public/{self.prefix or 'any'}")
        except PillarcastError:
            mend = "Write it like john, without a slash at either end."
            raise SettingsError("bucket prefix", f"{self.prefix!r} is no place in a bucket", mend) from None
        if self.prefix.partition("/")[0] in OURS:
            what = f"{self.prefix!r} is the name of a folder that every show has"
            raise SettingsError("bucket prefix", what, "Take another word.")

    def place(self, key: str) -> str:
        """Where our key stands in the store."""
        return self._inserted(check_key(key))

    def listed(self, prefix: str) -> tuple[str, ...]:
        """The prefixes of the store that hold everything below ours, ascending."""
        if not prefix:
            return tuple(self._inserted(root) for root in ROOTS)
        if not prefix.startswith(ROOTS):
            raise PillarcastError(repr(prefix), "a list of keys begins with public/ or private/")
        return (self._inserted(prefix),)

    def key(self, place: str) -> str:
        """Our key of what stands at `place`."""
        root, _, rest = place.partition("/")
        return f"{root}/{rest.removeprefix(f'{self.prefix}/') if self.prefix else rest}"

    def _inserted(self, key: str) -> str:
        root, _, rest = key.partition("/")
        return f"{root}/{self.prefix}/{rest}" if self.prefix else key
