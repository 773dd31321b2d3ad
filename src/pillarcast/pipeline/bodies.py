"""What objects are put together from: bodies that were made just now, and others, fetched ahead and all at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor

_FETCHES = ThreadPoolExecutor(8, "fetch")


class Bodies:
    """Bodies by key; `fetch` gets one from the bucket. What cannot be had is said to who asks for it."""

    def __init__(self, fetch: Callable[[str], bytes]) -> None:
        self._fetch = fetch
        self._known: dict[str, Future[bytes]] = {}

    def keep(self, key: str, body: bytes) -> None:
        """One that was made just now."""
        self._known[key] = Future()
        self._known[key].set_result(body)

    def begin(self, keys: Iterable[str]) -> None:
        """Fetches them meanwhile; what could not be had is asked for anew."""
        for key in keys:
            known = self._known.get(key)
            if known is None or (known.done() and known.exception()):
                self._known[key] = _FETCHES.submit(self._fetch, key)

    def of(self, keys: Iterable[str]) -> dict[str, bytes]:
        """All of them, once they are here."""
        needed = tuple(keys)
        self.begin(needed)
        return {key: self._known[key].result() for key in needed}
