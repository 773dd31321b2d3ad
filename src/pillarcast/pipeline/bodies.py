"""What objects are put together from: bodies that were made just now, and others, fetched ahead and all at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from pillarcast.errors import PillarcastError

_FETCHES = ThreadPoolExecutor(8, "fetch")


class Bodies:
    """Bodies by key; `fetch` gets one from the bucket. What cannot be had is said to who asks for it."""

    def __init__(self, fetch: Callable[[str], bytes]) -> None:
        self._fetch = fetch
        self._known: dict[str, Callable[[], bytes]] = {}

    def keep(self, key: str, body: bytes) -> None:
        """One that was made just now."""
        self._known[key] = lambda: body

    def begin(self, keys: Iterable[str]) -> None:
        """Fetches them meanwhile."""
        for key in keys:
            if key not in self._known:
                self._known[key] = _FETCHES.submit(self._fetch, key).result

    def of(self, keys: Iterable[str]) -> dict[str, bytes]:
        """All of them, once they are here."""
        needed = tuple(keys)
        self.begin(needed)
        return {key: self._body(key) for key in needed}

    def _body(self, key: str) -> bytes:
        """What could not be had is asked for anew where the step is tried again."""
        try:
            return self._known[key]()
        except PillarcastError:
            del self._known[key]
            raise
